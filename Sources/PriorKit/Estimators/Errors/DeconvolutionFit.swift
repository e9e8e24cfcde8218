import Foundation
import NumericCore

/// EM for a Gaussian whose rows are known with errors of their own: "extreme deconvolution" with one component
/// (Bovy, Hogg and Roweis 2011, doi:10.1214/10-AOAS439), in the information form, so that a row may say nothing
/// of some parameters.
///
/// With y_i the row, L_i its information and N(m, S) the Gaussian, the parameters behind a row are
/// N(m_i, C_i), C_i = (S^-1 + L_i)^-1, m_i = C_i (S^-1 m + L_i y_i). Then m is the mean of the m_i, and S the
/// mean of C_i + (m_i - m)(m_i - m)^T, with as many rows more of scatter 1 as ``strength``: an inverse Wishart
/// prior, in units of the widths, which alone speaks where no row does.
struct DeconvolutionFit {
  let sample: InformedRows
  let shape: any ScatterShape
  /// Rows that the prior of the covariance counts as.
  let strength: Double

  private(set) var mean: [Double]
  private(set) var covariance: Matrix
  /// The log marginal likelihood with the log prior of the covariance, in nats per row, before each step, up to a
  /// constant: without a shape it never falls.
  private(set) var objectives: [Double] = []

  /// The gain in nats per row below which the iteration stops.
  static let tolerance = 1e-4
  static let maximumIterations = 300

  init(_ sample: InformedRows, shape: any ScatterShape, strength: Double) throws {
    (self.sample, self.shape, self.strength) = (sample, shape, strength)
    mean = sample.weighted.mean
    // The prior's centre, where what no row knows stays from the first step on.
    covariance = try shape.shaped(.identity(sample.weighted.dimension), blocks: sample.weighted.blocks)
  }

  mutating func run() throws {
    for _ in 0..<Self.maximumIterations {
      try step()
      guard let last = objectives.dropLast().last, let present = objectives.last else { continue }
      if (present - last).magnitude < Self.tolerance { break }
    }
  }

  private mutating func step() throws {
    let weighted = sample.weighted
    let (count, dimension) = (weighted.count, weighted.dimension)
    let gaussian = try InformedGaussian(mean: mean, covariance: covariance)
    var centres = Matrix(rows: count, columns: dimension)
    var sum = Matrix(rows: dimension, columns: dimension)
    var likelihood = 0.0
    for row in 0..<count {
      let behind = try gaussian.posterior(of: weighted.rows.row(row), information: sample.information[row])
      let weight = weighted.weights[row]
      likelihood += weight * behind.logLikelihood
      for index in sum.values.indices { sum.values[index] += weight * behind.covariance.values[index] }
      centres.values.replaceSubrange(row * dimension..<(row + 1) * dimension, with: behind.mean)
    }
    objectives.append((likelihood + gaussian.logInverseWishart(strength: strength)) / Double(count))
    let behind = weighted.replacingRows(centres)
    mean = behind.mean
    let total = Double(count) + strength
    let spread = behind.scatter(about: mean, weights: behind.weights, total: total)
    for index in sum.values.indices { sum.values[index] = sum.values[index] / total + spread.values[index] }
    for index in 0..<dimension { sum[index, index] += strength / total }
    covariance = try shape.shaped(sum, blocks: weighted.blocks)
  }
}

/// A Gaussian, and what it makes of rows that are known with errors.
struct InformedGaussian {
  private let mean: [Double]
  private let cholesky: Cholesky
  private let precision: Matrix
  private let shift: [Double]

  init(mean: [Double], covariance: Matrix) throws {
    self.mean = mean
    cholesky = try Cholesky(covariance)
    precision = cholesky.inverse()
    shift = precision * mean
  }

  /// The parameters behind a row, and the log likelihood of the row, up to what depends on its information alone.
  func posterior(
    of row: [Double], information: Matrix
  ) throws -> (mean: [Double], covariance: Matrix, logLikelihood: Double) {
    var sum = precision
    for index in sum.values.indices { sum.values[index] += information.values[index] }
    let joint = try Cholesky(sum)
    let covariance = joint.inverse()
    let pull = information * row
    let centre = covariance * zip(shift, pull).map { $0 + $1 }
    // log N(y; m, S + L^-1) without |L|, where L^-1 need not exist; the square is that of the joint density at its
    // peak, two sums of squares that lose no digits.
    let (moved, left) = (zip(centre, mean).map { $0 - $1 }, zip(row, centre).map { $0 - $1 })
    func square(_ matrix: Matrix, _ vector: [Double]) -> Double {
      zip(matrix * vector, vector).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let gap = square(precision, moved) + square(information, left)
    let logLikelihood = -0.5 * (cholesky.logDeterminant + joint.logDeterminant + gap)
    return (centre, covariance, logLikelihood)
  }

  /// -strength / 2 (log |S| + tr S^-1).
  func logInverseWishart(strength: Double) -> Double {
    -0.5 * strength * (cholesky.logDeterminant + precision.diagonal.reduce(0, +))
  }
}
