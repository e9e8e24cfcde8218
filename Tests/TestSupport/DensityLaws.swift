import Foundation
public import NumericCore
public import Testing

/// A density as its laws see it: value with score, and draws.
public struct DensityUnderTest {
  public let dimension: Int
  public let logDensityAndScore: ([Double], inout [Double]) -> Double
  public let sample: (inout RandomSource) -> [Double]

  public init(
    dimension: Int, logDensityAndScore: @escaping ([Double], inout [Double]) -> Double,
    sample: @escaping (inout RandomSource) -> [Double]
  ) {
    self.dimension = dimension
    self.logDensityAndScore = logDensityAndScore
    self.sample = sample
  }

  public func logDensity(_ point: [Double]) -> Double {
    var score = [Double](repeating: 0, count: dimension)
    return logDensityAndScore(point, &score)
  }
}

/// The score equals the central difference of the log density, in every coordinate and at several draws; a score that
/// is zero everywhere fails.
public func checkScore(
  _ density: DensityUnderTest, draws: Int = 3, tolerance: Double = 1e-6, step: Double = 1e-3,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var source = RandomSource(seed: 20_250_514)
  for _ in 0..<draws {
    let point = density.sample(&source)
    // What is in the buffer before must not matter.
    var score = [Double](repeating: .nan, count: density.dimension)
    _ = density.logDensityAndScore(point, &score)
    let scale = score.map(\.magnitude).max() ?? 0
    #expect(scale > 0, "the score is zero at a draw", sourceLocation: sourceLocation)
    for coordinate in 0..<density.dimension {
      let difference = centralDifference(of: density.logDensity, at: point, coordinate: coordinate, step: step)
      #expect(
        (score[coordinate] - difference).magnitude <= tolerance * max(1, scale),
        "score \(score[coordinate]) against \(difference) in coordinate \(coordinate)",
        sourceLocation: sourceLocation)
    }
  }
}

/// A density of one or two dimensions integrates to 1 over a box, by the trapezoidal rule: for a smooth density whose
/// tails the box holds, its error falls faster than any power of the spacing.
public func checkIntegratesToOne(
  _ density: DensityUnderTest, box: [ClosedRange<Double>], points: Int = 400, tolerance: Double = 1e-8,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  precondition(density.dimension == box.count && (1...2).contains(box.count))
  let spacings = box.map { ($0.upperBound - $0.lowerBound) / Double(points) }
  let count = box.count == 1 ? points : points * points
  var integral = 0.0
  for index in 0..<count {
    let steps = [index % points, index / points]
    let point = box.indices.map { box[$0].lowerBound + (Double(steps[$0]) + 0.5) * spacings[$0] }
    integral += exp(density.logDensity(point)) * spacings.reduce(1, *)
  }
  #expect((integral - 1).magnitude <= tolerance, "the integral is \(integral)", sourceLocation: sourceLocation)
}

/// Draws have the mean and covariance claimed, within `deviations` standard errors of the Monte Carlo estimates.
///
/// The standard errors of second moments are those of a normal; heavier tails need more deviations.
public func checkMoments(
  _ density: DensityUnderTest, mean: [Double], covariance: Matrix, draws: Int = 20_000, deviations: Double = 5,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  var source = RandomSource(seed: 7)
  let rows = (0..<draws).map { _ in density.sample(&source) }
  let moments = try SampleMoments(Matrix(rows: rows))
  let estimate = moments.covariance()
  for row in 0..<density.dimension {
    let error = (covariance[row, row] / Double(draws)).squareRoot()
    #expect(
      (moments.mean[row] - mean[row]).magnitude <= deviations * error,
      "mean \(row): \(moments.mean[row]) against \(mean[row])", sourceLocation: sourceLocation)
    for column in 0...row {
      let squares = covariance[row, row] * covariance[column, column]
      let error = ((squares + covariance[row, column] * covariance[row, column]) / Double(draws)).squareRoot()
      #expect(
        (estimate[row, column] - covariance[row, column]).magnitude <= deviations * error,
        "covariance (\(row), \(column)): \(estimate[row, column]) against \(covariance[row, column])",
        sourceLocation: sourceLocation)
    }
  }
}
