import Evaluation
import FXParams
import NumericCore
import Retrieval
import TestSupport
import Testing

/// What a recording says of each parameter.
@Suite struct LossCurvatureTests {
  private let chain = RetrievalMaterial.chain

  /// The difference of two slopes, each by values: one parameter at a time, so that nothing is projected.
  @Test func diagonalIsADifferenceOfSlopes() throws {
    let loss = try RetrievalLoss<Double>(chain: chain, chunks: RetrievalMaterial.chunks(1))
    let logits = RetrievalMaterial.logits(seed: 3)
    let scales = RetrievalCoordinates.scales(of: chain)
    var positive = 0
    for name in [
      "peak1.gain", "peak1.frequency", "highshelf.gain", "compressor.makeup", "direct.pan", "delay.gain",
    ] {
      let index = try #require(chain.parameterSpace.index(of: name))
      let others = logits.indices.filter { $0 != index }
      let found = try LossCurvature(of: loss, at: logits, scales: scales, step: 0.3, fixed: others).matrix[
        index, index]
      func slope(_ step: Double) -> Double {
        var moved = logits
        moved[index] += step * scales[index]
        return centralDifference(of: { loss.terms(at: $0).total() }, at: moved, coordinate: index, step: 1e-7)
      }
      let (here, there) = (slope(0), slope(0.3))
      let expected = max(0, (there - here) / (0.3 * scales[index]))
      positive += expected > 0 ? 1 : 0
      #expect(abs(found - expected) < 1e-3 * (abs(here) + abs(there)) / scales[index] + 1e-6, "\(name)")
    }
    #expect(positive > 2)
  }

  /// Two parameters of different scales that trade: their mixed entry, at a point where nothing is projected.
  @Test func mixedEntriesAreDifferencesOfSlopes() throws {
    let loss = try RetrievalLoss<Double>(chain: chain, chunks: RetrievalMaterial.chunks(1))
    let (logits, scales) = (RetrievalMaterial.truth, RetrievalCoordinates.scales(of: chain))
    let pair = try ["compressor.makeup", "direct.pan"].map { try #require(chain.parameterSpace.index(of: $0)) }
    let others = logits.indices.filter { !pair.contains($0) }
    let matrix = try LossCurvature(of: loss, at: logits, scales: scales, step: 0.3, fixed: others).matrix
    func slope(_ along: Int, moving: Int?) -> Double {
      var moved = logits
      if let moving { moved[moving] += 0.3 * scales[moving] }
      return centralDifference(of: { loss.terms(at: $0).total() }, at: moved, coordinate: along, step: 1e-7)
    }
    // The truth is a corner: the slope of its left and right sides cancels in the central difference only.
    var gradient = [Double](repeating: 0, count: logits.count)
    _ = loss.terms(at: logits, gradient: &gradient)
    let mixed = zip(pair, pair.reversed()).map { along, moving in
      (slope(along, moving: moving) - gradient[along]) / (0.3 * scales[moving])
    }
    let expected = (mixed[0] + mixed[1]) / 2
    #expect(scales[pair[0]] != scales[pair[1]] && matrix[pair[0], pair[0]] > 0 && matrix[pair[1], pair[1]] > 0)
    let size = (matrix[pair[0], pair[0]] * matrix[pair[1], pair[1]]).squareRoot()
    #expect(abs(matrix[pair[0], pair[1]] - expected) < 1e-3 * size, "\(matrix[pair[0], pair[1]]), \(expected)")
  }

  /// Delay times ripple: theirs is a second difference of values.
  @Test func delayTimesAreMeasuredByValues() throws {
    let loss = try RetrievalLoss<Double>(chain: chain, chunks: RetrievalMaterial.chunks(1))
    let (logits, scales) = (RetrievalMaterial.truth, RetrievalCoordinates.scales(of: chain))
    let time = try #require(chain.parameterSpace.index(of: "delay.time"))
    let curvature = try LossCurvature(of: loss, at: logits, scales: scales).matrix
    let values = [-1.0, 0, 1].map { side in
      var moved = logits
      moved[time] += 0.003 * side * scales[time]
      return loss.terms(at: moved).total()
    }
    let expected = (values[0] - 2 * values[1] + values[2]) / (9e-6 * scales[time] * scales[time])
    #expect(expected > 1 && abs(curvature[time, time] - expected) < 1e-6 * expected)
    for index in logits.indices where index != time { #expect(abs(curvature[time, index]) < 1e-6 * expected) }
  }

  @Test func matrixIsOneOfSecondDerivatives() throws {
    let loss = try RetrievalLoss<Float>(chain: chain, chunks: RetrievalMaterial.chunks(1))
    let scales = RetrievalCoordinates.scales(of: chain)
    var steps = 0
    let curvature = try LossCurvature(of: loss, at: RetrievalMaterial.truth, scales: scales, fixed: [0, 5]) {
      steps += 1
    }
    #expect(steps == scales.count - 2)
    let matrix = curvature.matrix
    for row in 0..<matrix.rows {
      #expect(matrix[row, row] >= 0 && matrix[0, row] == 0 && matrix[5, row] == 0)
      for column in 0..<row { #expect(matrix[row, column] == matrix[column, row]) }
    }
    let smallest = try SymmetricEigen(matrix.scaled(by: scales)).values.min() ?? 0
    #expect(smallest > -1e-9)
    struct Enough: Error {}
    #expect(throws: Enough.self) {
      _ = try LossCurvature(of: loss, at: RetrievalMaterial.truth, scales: scales) { throw Enough() }
    }
  }

  /// An effect that does not sound says nothing of its settings.
  @Test func silentEffectsAreNotDetermined() throws {
    let loss = try RetrievalLoss<Double>(chain: chain, chunks: RetrievalMaterial.chunks(1))
    var logits = RetrievalMaterial.truth
    let space = chain.parameterSpace
    logits[try #require(space.index(of: "delay.gain"))] = -40
    logits[try #require(space.index(of: "peak1.gain"))] = 0
    let scales = RetrievalCoordinates.scales(of: chain)
    let matrix = try LossCurvature(of: loss, at: logits, scales: scales).matrix
    func curvature(_ name: String) throws -> Double {
      let index = try #require(space.index(of: name))
      return matrix[index, index] * scales[index] * scales[index]
    }
    for name in ["delay.feedback", "delay.odd_pan", "delay.time"] { #expect(try curvature(name) < 1e-3, "\(name)") }
    // What frequency would matter for is in the gain's row.
    #expect(try curvature("peak1.gain") > 0.1)
    #expect(try curvature("peak1.frequency") < 0.5 * curvature("peak1.gain"))
  }
}

extension Matrix {
  /// In units of typical spreads.
  fileprivate func scaled(by scales: [Double]) -> Matrix {
    var result = self
    for row in 0..<rows {
      for column in 0..<columns { result[row, column] *= scales[row] * scales[column] }
    }
    return result
  }
}
