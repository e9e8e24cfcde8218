import Foundation
import HDF5Store
import Inference
import NumericCore
import StyleFeatures
import TestSupport
import Testing

@Suite struct StyleLikelihoodTests {
  private static let referencePoints = ["mfcc/mean", "mfcc/p1", "mfcc/p2", "mir/mean", "mir/p1", "mir/p2"]

  // MARK: - Values

  @Test(
    .enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)), arguments: referencePoints)
  func meetsTheReferenceValues(point: String) throws {
    let file = try Reference.open("objective")
    let encoder = point.prefix { $0 != "/" }
    let likelihood = try StyleLikelihood(
      referenceMid: rows(file, "/\(encoder)/reference_mid"), referenceSide: rows(file, "/\(encoder)/reference_side")
    )
    let predictions = zip(try rows(file, "/\(point)/mid"), try rows(file, "/\(point)/side"))
      .map { StyleEmbedding(mid: $0, side: $1) }
    var gradient: [StyleEmbedding] = []
    let value = likelihood.evaluate(predictions: predictions, gradient: &gradient)
    #expect(abs(try value - file.double(attribute: "log_likelihood", of: "/\(point)")) < 1e-9)
    let angles = likelihood.rootMeanSquareAngles(of: predictions)
    #expect(abs(try angles.mid - file.double(attribute: "mid_std", of: "/\(point)")) < 1e-9)
    #expect(abs(try angles.side - file.double(attribute: "side_std", of: "/\(point)")) < 1e-9)
  }

  @Test func meetsAHandComputedValue() throws {
    // Angles pi/2 and pi/6 on mid, pi/4 and pi/4 on side.
    let half = 0.5.squareRoot()
    let likelihood = try StyleLikelihood(
      referenceMid: [[0, 1], [cos(Double.pi / 6), 0.5]], referenceSide: [[half, half], [half, half]],
      scale: .fixed(mid: 0.5, side: 2))
    var gradient: [StyleEmbedding] = []
    let value = likelihood.evaluate(predictions: [StyleEmbedding(mid: [1, 0], side: [1, 0])], gradient: &gradient)
    let midSquare = (pow(Double.pi / 2, 2) + pow(Double.pi / 6, 2)) / 2
    let sideSquare = pow(Double.pi / 4, 2)
    let expected = -midSquare / (2 * 0.25) - log(0.5) - sideSquare / (2 * 4) - log(2) - log(2 * Double.pi)
    #expect(abs(value - expected) < 1e-12)
  }

  @Test func fixedAtTheProfiledScaleIsTheSameValueAndSlope() throws {
    var random = RandomSource(seed: 5)
    let (mid, side) = (vectors(3, 8, &random), vectors(3, 8, &random))
    let predictions = embeddings(2, 8, &random)
    let profiled = try StyleLikelihood(referenceMid: mid, referenceSide: side)
    let angles = profiled.rootMeanSquareAngles(of: predictions)
    let fixed = try StyleLikelihood(
      referenceMid: mid, referenceSide: side, scale: .fixed(mid: angles.mid, side: angles.side))
    var first: [StyleEmbedding] = []
    var second: [StyleEmbedding] = []
    let difference =
      profiled.evaluate(predictions: predictions, gradient: &first)
      - fixed.evaluate(predictions: predictions, gradient: &second)
    #expect(abs(difference) < 1e-12)
    for (one, other) in zip(first, second) {
      #expect(zip(one.mid + one.side, other.mid + other.side).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }

  // MARK: - Pullback

  @Test(arguments: [StyleLikelihood.Scale.profiled, .fixed(mid: 0.7, side: 1.3)])
  func gradientMeetsCentralDifferences(scale: StyleLikelihood.Scale) throws {
    var random = RandomSource(seed: 11)
    let likelihood = try StyleLikelihood(
      referenceMid: vectors(3, 6, &random), referenceSide: vectors(3, 6, &random), scale: scale)
    let predictions = embeddings(4, 6, &random)
    let flat = predictions.flatMap { $0.mid + $0.side }
    func value(_ flat: [Double]) -> Double {
      let moved = (0..<4).map { index in
        StyleEmbedding(
          mid: Array(flat[12 * index..<12 * index + 6]), side: Array(flat[12 * index + 6..<12 * index + 12]))
      }
      var unused: [StyleEmbedding] = []
      return likelihood.evaluate(predictions: moved, gradient: &unused)
    }
    var gradient: [StyleEmbedding] = []
    _ = likelihood.evaluate(predictions: predictions, gradient: &gradient)
    for (coordinate, slope) in gradient.flatMap({ $0.mid + $0.side }).enumerated() {
      let expected = centralDifference(of: value, at: flat, coordinate: coordinate)
      #expect(abs(slope - expected) < 1e-9 * (1 + abs(expected)), "coordinate \(coordinate)")
      #expect(slope != 0)
    }
  }

  @Test func gradientOverwritesAndKeepsItsBuffers() throws {
    var random = RandomSource(seed: 3)
    let likelihood = try StyleLikelihood(
      referenceMid: vectors(2, 5, &random), referenceSide: vectors(2, 5, &random))
    let predictions = embeddings(2, 5, &random)
    var fresh: [StyleEmbedding] = []
    _ = likelihood.evaluate(predictions: predictions, gradient: &fresh)
    let nines = [Double](repeating: 9, count: 5)
    var used = [StyleEmbedding(mid: nines, side: nines), StyleEmbedding(mid: nines, side: nines)]
    _ = likelihood.evaluate(predictions: predictions, gradient: &used)
    // From here on every vector is the buffer's own, and stays where it is.
    let address = used[1].side.withUnsafeBufferPointer { $0.baseAddress }
    _ = likelihood.evaluate(predictions: predictions, gradient: &used)
    #expect(used == fresh)
    #expect(used[1].side.withUnsafeBufferPointer { $0.baseAddress } == address)
  }

  // MARK: - Singular points

  /// Predictions that equal, oppose, or by rounding overshoot the references.
  @Test(arguments: [1.0, -1, 1 + 1e-9, -1 - 1e-9, 1 - 1e-16, 0.999_999_999])
  func staysFiniteWhereTheFormulaDoesNot(factor: Double) throws {
    for scale in [StyleLikelihood.Scale.profiled, .fixed(mid: 0.3, side: 0.3)] {
      let likelihood = try StyleLikelihood(referenceMid: [[0.6, 0.8]], referenceSide: [[0.8, 0.6]], scale: scale)
      let predictions = [StyleEmbedding(mid: [0.6 * factor, 0.8 * factor], side: [0.8 * factor, 0.6 * factor])]
      var gradient: [StyleEmbedding] = []
      let value = likelihood.evaluate(predictions: predictions, gradient: &gradient)
      #expect(value.isFinite)
      #expect(gradient.allSatisfy { ($0.mid + $0.side).allSatisfy(\.isFinite) })
      #expect(value <= -2 * log(StyleLikelihood.minimumScale) - log(2 * Double.pi) + 1e-9)
    }
  }

  /// Across the floor of sigma neither value nor slope may jump.
  @Test func valueAndSlopeAreContinuousAcrossTheFloor() throws {
    let likelihood = try StyleLikelihood(referenceMid: [[1, 0]], referenceSide: [[1, 0]])
    func evaluate(_ angle: Double) -> (value: Double, slope: Double) {
      var gradient: [StyleEmbedding] = []
      let vector = [cos(angle), sin(angle)]
      let value = likelihood.evaluate(
        predictions: [StyleEmbedding(mid: vector, side: [0, 1])], gradient: &gradient)
      return (value, gradient[0].mid[0])
    }
    let floor = StyleLikelihood.minimumScale
    let (below, above) = (evaluate(floor * (1 - 1e-6)), evaluate(floor * (1 + 1e-6)))
    #expect(abs(below.value - above.value) < 1e-5)
    #expect(abs(below.slope / above.slope - 1) < 1e-5)
    #expect(evaluate(floor / 10).value > below.value)
  }

  @Test func notANumberIsPassedToTheCallerAndNotHidden() throws {
    let likelihood = try StyleLikelihood(referenceMid: [[1, 0]], referenceSide: [[1, 0]])
    var gradient: [StyleEmbedding] = []
    let value = likelihood.evaluate(
      predictions: [StyleEmbedding(mid: [.nan, 0], side: [1, 0])], gradient: &gradient)
    #expect(value.isNaN)
  }

  // MARK: - Errors

  @Test func refusesUnusableReferences() {
    #expect(throws: StyleLikelihoodError.segmentCounts(mid: 0, side: 0)) {
      try StyleLikelihood(referenceMid: [], referenceSide: [])
    }
    #expect(throws: StyleLikelihoodError.segmentCounts(mid: 1, side: 2)) {
      try StyleLikelihood(referenceMid: [[1]], referenceSide: [[1], [1]])
    }
    #expect(throws: StyleLikelihoodError.featureCount(channel: "side", segment: 0, found: 1, expected: 2)) {
      try StyleLikelihood(referenceMid: [[1, 0]], referenceSide: [[1]])
    }
    #expect(throws: StyleLikelihoodError.norm(channel: "mid", segment: 0, norm: 0)) {
      try StyleLikelihood(referenceMid: [[0, 0]], referenceSide: [[1, 0]])
    }
    #expect(throws: StyleLikelihoodError.self) {
      try StyleLikelihood(referenceMid: [[.nan, 0]], referenceSide: [[1, 0]])
    }
    #expect(throws: StyleLikelihoodError.scale(1e-200)) {
      try StyleLikelihood(referenceMid: [[1, 0]], referenceSide: [[1, 0]], scale: .fixed(mid: 1, side: 1e-200))
    }
  }

  // MARK: - Material

  private func rows(_ file: HDF5Reader, _ name: String) throws -> [[Double]] {
    let (shape, values) = try file.doubles(name)
    return (0..<shape[0]).map { Array(values[$0 * shape[1]..<($0 + 1) * shape[1]]) }
  }

  /// Unit vectors, not all in one orthant.
  private func vectors(_ count: Int, _ size: Int, _ random: inout RandomSource) -> [[Double]] {
    (0..<count).map { _ in
      let vector = (0..<size).map { _ in Double.random(in: -0.5...1, using: &random) }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vector.map { $0 / norm }
    }
  }

  private func embeddings(_ count: Int, _ size: Int, _ random: inout RandomSource) -> [StyleEmbedding] {
    let (mid, side) = (vectors(count, size, &random), vectors(count, size, &random))
    return zip(mid, side).map { StyleEmbedding(mid: $0, side: $1) }
  }
}
