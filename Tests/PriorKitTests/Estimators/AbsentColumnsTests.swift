import Distributions
import Foundation
import NumericCore
import PriorKit
import TestSupport
import Testing

/// Rows of which some lack columns, drawn from a Student-t.
enum PartialSample {
  static let absentChoices = [[0], [1, 2], [3], [0, 3], [1, 2, 3]]

  /// - Parameter share: of rows that lack columns.
  static func data(_ count: Int, share: Double = 0.4, seed: UInt64 = 5) throws -> EstimationData {
    let truth = try truth()
    var source = RandomSource(seed: seed)
    var rows: [[Double]] = []
    var absent: [[Int]] = []
    for _ in 0..<count {
      var row = truth.sample(using: &source)
      let lacks = source.nextUniform() < share
      let columns = lacks ? absentChoices[Int(source.nextUniform() * Double(absentChoices.count))] : []
      for column in columns { row[column] = .nan }
      rows.append(row)
      absent.append(columns)
    }
    var data = EstimationData(rows: Matrix(rows: rows), names: ["a", "b", "c", "d"], blocks: [[0], [1, 2, 3]])
    data.absent = absent
    return data
  }

  static func truth() throws -> MultivariateStudentT {
    try MultivariateStudentT(
      location: [1, -2, 30, 0],
      scatter: Matrix(rows: [[2, 0.8, 4, 0.2], [0.8, 1, 3, 0], [4, 3, 25, 0.5], [0.2, 0, 0.5, 0.3]]),
      degreesOfFreedom: 6)
  }

  /// The log likelihood of what is there, in nats per row, by a marginal for each row.
  static func logLikelihood(_ distribution: MultivariateStudentT, _ data: EstimationData) throws -> Double {
    let absent = data.absent ?? []
    return try (0..<data.rows.rows).reduce(0) { sum, row in
      let present = (0..<distribution.dimension).filter { !absent[row].contains($0) }
      let own = try StudentT(distribution).marginalDistribution(over: present)
      return sum + own.logDensity(at: present.map { data.rows[row, $0] })
    } / Double(data.rows.rows)
  }
}

/// EM over columns that rows lack.
@Suite struct AbsentColumnsTests {
  private func studentT(
    _ data: EstimationData, shape: any ScatterShape = FreeScatter(), degreesOfFreedom: Double? = nil
  ) throws -> (distribution: MultivariateStudentT, logLikelihoods: [Double]) {
    let fit = try StudentTEstimator(shape: shape, shapeIsFixed: true, degreesOfFreedom: degreesOfFreedom)
      .fitStudentT(data)
    return (fit.distribution.distribution, fit.logLikelihoods)
  }

  /// Two columns of which the second is lacking in some rows: the likelihood factors into that of the first and a
  /// regression (Anderson 1957, doi:10.1080/01621459.1957.10501379).
  @Test func monotoneGapsHaveTheirClosedForm() throws {
    var source = RandomSource(seed: 2)
    let first = (0..<60).map { _ in 3 + 2 * source.nextNormal() }
    let second = first.map { 0.7 * $0 + source.nextNormal() }
    var data = EstimationData(
      rows: Matrix(rows: zip(first, second).map { [$0, $1] }), names: ["a", "b"], blocks: [[0, 1]])
    data.absent = (0..<60).map { $0 < 40 ? [] : [1] }
    func mean(_ values: some Collection<Double>) -> Double { values.reduce(0, +) / Double(values.count) }
    let (m, s) = (mean(first), mean(first.map { ($0 - mean(first)) * ($0 - mean(first)) }))
    let (x, y) = (first[..<40], second[..<40])
    let slope =
      zip(x, y).reduce(0) { $0 + ($1.0 - mean(x)) * ($1.1 - mean(y)) }
      / x.reduce(0) { $0 + ($1 - mean(x)) * ($1 - mean(x)) }
    let rest = mean(zip(x, y).map { pow($1 - mean(y) - slope * ($0 - mean(x)), 2) })
    let found = try studentT(data, degreesOfFreedom: .infinity).distribution
    // The iteration stops where a step gains 1e-10 nats: some 1e-5 deviations from the maximum.
    #expect(largestDifference(found.location, [m, mean(y) + slope * (m - mean(x))]) < 1e-4)
    let expected = [s, slope * s, slope * s, rest + slope * slope * s]
    #expect(largestDifference(found.scatter.values, expected) < 1e-3)
  }

  @Test(arguments: [nil, 4, Double.infinity])
  func likelihoodNeverDecreases(degreesOfFreedom: Double?) throws {
    let data = try PartialSample.data(70)
    let (distribution, values) = try studentT(data, degreesOfFreedom: degreesOfFreedom)
    #expect(values.count > 5)
    for (before, after) in zip(values, values.dropFirst()) { #expect(after >= before - 1e-12) }
    // The last is the likelihood by marginals.
    let expected = try PartialSample.logLikelihood(distribution, data)
    #expect((values[values.count - 1] - expected).magnitude < 1e-9)
  }

  /// At the end no parameter can be changed for the better: central differences of the likelihood by marginals.
  @Test(arguments: [nil, Double.infinity]) func scoreIsZero(degreesOfFreedom: Double?) throws {
    let data = try PartialSample.data(120)
    let found = try studentT(data, degreesOfFreedom: degreesOfFreedom).distribution
    let deviations = found.scatter.diagonal.map { $0.squareRoot() }
    func value(_ change: (inout [Double], inout Matrix, inout Double) -> Void) throws -> Double {
      var (location, scatter, logNu) = (found.location, found.scatter, log(found.degreesOfFreedom))
      change(&location, &scatter, &logNu)
      return try PartialSample.logLikelihood(
        MultivariateStudentT(location: location, scatter: scatter, degreesOfFreedom: exp(logNu)), data)
    }
    let step = 1e-4
    for row in 0..<4 {
      let slope =
        try value { m, _, _ in m[row] += step * deviations[row] }
        - value { m, _, _ in m[row] -= step * deviations[row] }
      // In nats per row and deviation; what the stop at 1e-10 nats leaves is of the order 1e-5.
      #expect((slope / (2 * step)).magnitude < 1e-4)
      for column in 0...row {
        func moved(_ sign: Double) throws -> Double {
          try value { _, scatter, _ in
            let change = sign * step * deviations[row] * deviations[column]
            scatter[row, column] += change
            if row != column { scatter[column, row] += change }
          }
        }
        // The second derivative of a strongly correlated pair is large.
        #expect(try ((moved(1) - moved(-1)) / (2 * step)).magnitude < 1e-3)
      }
    }
    guard degreesOfFreedom == nil else { return }
    let slope = try value { $2 += step } - value { $2 -= step }
    #expect((slope / (2 * step)).magnitude < 1e-4)
  }

  /// The same iteration with the observed block of the scatter factorised for each row, as the textbooks have it.
  @Test(arguments: [3.0, .infinity]) func blocksOfUnequalSizesAreTheTextbooks(degreesOfFreedom nu: Double) throws {
    let data = try PartialSample.data(50)
    let shape = BlockScatter(blockShare: 0.3, diagonalShare: 0.1)
    let found = try studentT(data, shape: shape, degreesOfFreedom: nu).distribution
    let absent = data.absent ?? []
    var (m, s) = (Array(repeating: 0.0, count: 4), Matrix.diagonal([1, 1, 400, 1]))
    for _ in 0..<400 {
      var (sum, total) = (Array(repeating: 0.0, count: 4), 0.0)
      var completed: [(row: [Double], weight: Double, rest: Matrix)] = []
      for row in 0..<50 {
        let u = absent[row]
        let o = (0..<4).filter { !u.contains($0) }
        let cholesky = try Cholesky(s.selecting(rows: o, columns: o))
        let gap = o.map { data.rows[row, $0] - m[$0] }
        let solved = cholesky.solve(gap)
        let q = zip(gap, solved).reduce(0) { $0 + $1.0 * $1.1 }
        let weight = nu.isFinite ? (nu + Double(o.count)) / (nu + q) : 1
        var values = data.rows.row(row)
        for (place, value) in zip(u, s.selecting(rows: u, columns: o) * solved) { values[place] = m[place] + value }
        let across = s.selecting(rows: o, columns: u)
        let explained = across.multiplied(by: cholesky.solve(across), transposingSelf: true)
        var rest = Matrix(rows: 4, columns: 4)
        for (i, row) in u.enumerated() {
          for (j, column) in u.enumerated() { rest[row, column] = s[row, column] - explained[i, j] }
        }
        completed.append((values, weight, rest))
        total += weight
        for index in 0..<4 { sum[index] += weight * values[index] }
      }
      m = sum.map { $0 / total }
      var scatter = Matrix(rows: 4, columns: 4)
      for (values, weight, rest) in completed {
        for i in 0..<4 {
          for j in 0..<4 {
            scatter[i, j] += (weight * (values[i] - m[i]) * (values[j] - m[j]) + rest[i, j]) / total
          }
        }
      }
      s = shape.shaped(scatter, blocks: data.blocks)
    }
    // Both are near the fixed point; the units are those of the third column, of deviation 5.
    #expect(largestDifference(found.location, m) < 1e-3)
    #expect(largestDifference(found.scatter.values, s.values) < 2e-3)
  }

  /// A row without any column says nothing.
  @Test func emptyRowsSayNothing() throws {
    var data = try PartialSample.data(50)
    let plain = try studentT(data, degreesOfFreedom: 5).distribution
    data.rows = Matrix(rows: 51, columns: 4, values: data.rows.values + Array(repeating: .nan, count: 4))
    data.absent?.append([0, 1, 2, 3])
    let found = try studentT(data, degreesOfFreedom: 5).distribution
    #expect(largestDifference(found.location, plain.location) < 1e-3)
    #expect(largestDifference(found.scatter.values, plain.scatter.values) < 2e-3)
  }

  /// From many rows of a known density its parameters come back, within a few standard errors.
  @Test func parametersAreRecovered() throws {
    let truth = try PartialSample.truth()
    let found = try studentT(try PartialSample.data(20_000)).distribution
    #expect((found.degreesOfFreedom - 6).magnitude < 0.6)
    let deviations = truth.scatter.diagonal.map { $0.squareRoot() }
    for row in 0..<4 {
      #expect((found.location[row] - truth.location[row]).magnitude < 0.04 * deviations[row])
      for column in 0..<4 {
        let gap = (found.scatter[row, column] - truth.scatter[row, column]).magnitude
        #expect(gap < 0.06 * deviations[row] * deviations[column])
      }
    }
  }
}
