import Distributions
package import NumericCore

/// Kernel ridge regression of several targets on one set of pairs, with a Gaussian kernel exp(-|x - c|^2), for any
/// strength.
///
/// With more pairs than centres the function is a sum of kernels about a subset of them (the Nyström method:
/// Williams and Seeger, "Using the Nyström method to speed up kernel machines", 2001); else it is the usual one.
package struct KernelRidge {
  /// [M, K].
  package let centres: Matrix
  /// From kernels to the axes of the features [M, R].
  private let map: Matrix
  /// Squared length of each axis [R].
  private let lengths: [Double]
  /// The pairs along the axes, times the root of their weight [N, R].
  private let rows: Matrix
  private let targets: Matrix
  private let roots: [Double]
  /// Inner products of axes and targets [R, T].
  private let projected: Matrix

  /// - Parameters:
  ///   - inputs: [N, K], in units of the kernel.
  ///   - targets: [N, T], about 0.
  ///   - weights: of the pairs, positive.
  ///   - mostCentres: at most so many centres.
  /// - Throws: `LinearAlgebraError`.
  package init(inputs: Matrix, targets: Matrix, weights: [Double], mostCentres: Int) throws {
    let count = inputs.rows
    let some = min(count, mostCentres)
    let centres = count == some ? inputs : inputs.selecting(rows: Self.subset(count, some))
    // Features whose inner products are the kernel's, as far as the centres span it.
    let eigen = try SymmetricEigen(KernelFunction.kernel(of: centres, centres).symmetrised)
    let floor = 1e-10 * (eigen.values.last ?? 1)
    let kept = eigen.values.indices.filter { eigen.values[$0] > floor }
    let features = eigen.vectors.selecting(rows: Array(0..<some), columns: kept)
      .scalingColumns(by: kept.map { 1 / eigen.values[$0].squareRoot() })
    roots = weights.map { $0.squareRoot() }
    let found = (KernelFunction.kernel(of: inputs, centres) * features).scalingRows(by: roots)
    // Along the axes of the features a strength costs one product.
    let axes = try SymmetricEigen(found.gram())
    (self.centres, self.targets) = (centres, targets)
    map = features * axes.vectors
    lengths = axes.values.map { max($0, 0) }
    rows = found * axes.vectors
    projected = rows.multiplied(by: targets.scalingRows(by: roots), transposingSelf: true)
  }

  /// Some of `count` rows, at random: pairs of several sources in turn, or of presets that repeat, have periods.
  static func subset(_ count: Int, _ size: Int) -> [Int] {
    var source = RandomSource(seed: 20_250_514)
    return Array((0..<count).shuffled(using: &source).prefix(size))
  }

  /// 1 / (length + strength) of each axis; an infinite strength predicts nothing.
  private func factors(_ strength: Double) -> [Double] {
    lengths.map { strength.isFinite ? 1 / ($0 + strength) : 0 }
  }

  /// What is wrong about each pair when the others predict it [N, T], in closed form (Rasmussen and Williams,
  /// "Gaussian processes for machine learning", 2006, section 5.4.2).
  package func leaveOneOutErrors(strength: Double) -> Matrix {
    let factors = factors(strength)
    let predicted = rows * projected.scalingRows(by: factors)
    var errors = targets
    for row in 0..<errors.rows {
      var leverage = 0.0
      for axis in factors.indices { leverage += factors[axis] * rows[row, axis] * rows[row, axis] }
      let inflation = 1 / max(1 - leverage, 1e-6)
      for target in 0..<errors.columns {
        errors[row, target] = inflation * (errors[row, target] - predicted[row, target] / roots[row])
      }
    }
    return errors
  }

  /// Predictions of other inputs [n, K] with each strength, [n, T] each.
  package func predictions(of inputs: Matrix, strengths: [Double]) -> [Matrix] {
    let features = KernelFunction.kernel(of: inputs, centres) * map
    return strengths.map { features * projected.scalingRows(by: factors($0)) }
  }

  /// Of the kernels [M, T], with a strength for each target.
  package func coefficients(strengths: [Double]) -> Matrix {
    var solution = projected
    for (target, strength) in strengths.enumerated() {
      let factors = factors(strength)
      for axis in factors.indices { solution[axis, target] *= factors[axis] }
    }
    return map * solution
  }
}
