import Foundation
package import NumericCore

/// The strength of each target in ``KernelRidge``: that of the least error of pairs which the fit has not seen.
///
/// Where pairs have groups, such as the recording that was rendered, whole groups are left out: a function that
/// tells presets apart by the voice is of no use for another voice. Else each pair is left out by itself.
package struct KernelRidgeSearch {
  /// [T].
  package let strengths: [Double]
  /// What is wrong about each pair at these strengths, the fit not having seen it [N, T].
  package let errors: Matrix
  /// Their mean square.
  package let error: Double

  /// Of the variance of a target's noise; infinite where inputs say nothing about a target.
  private static let candidates: [Double] = (0..<11).map { pow(10, -3 + 0.5 * Double($0)) } + [.infinity]
  private static let mostFolds = 4
  /// Centres of fits to a part of the pairs.
  private static let foldCentres = 1000

  /// - Parameters:
  ///   - whole: the fit to all pairs, which is made where single pairs are left out.
  ///   - inputs: of all pairs [N, K].
  ///   - targets: of all pairs [N, T].
  ///   - weights: of all pairs.
  ///   - groups: of all pairs, or nil.
  package init(
    _ whole: @autoclosure () throws -> KernelRidge, inputs: Matrix, targets: Matrix, weights: [Double],
    groups: [String]?
  ) throws {
    let tried: [Matrix]
    if let groups, Set(groups).count > 1 {
      tried = try Self.groupErrors(inputs, targets, weights, groups)
    } else {
      tried = Self.candidates.map(try whole().leaveOneOutErrors)
    }
    let (count, width) = (targets.rows, targets.columns)
    var strengths = [Double](repeating: .infinity, count: width)
    var least = [Double](repeating: .infinity, count: width)
    var best = targets
    for (strength, errors) in zip(Self.candidates, tried) {
      var sums = [Double](repeating: 0, count: width)
      for row in 0..<count {
        for target in 0..<width { sums[target] += weights[row] * errors[row, target] * errors[row, target] }
      }
      for target in 0..<width where sums[target] < least[target] {
        (least[target], strengths[target]) = (sums[target], strength)
        for row in 0..<count { best[row, target] = errors[row, target] }
      }
    }
    self.strengths = strengths
    errors = best
    error = least.reduce(0, +) / (weights.reduce(0, +) * Double(width))
  }

  private static func groupErrors(
    _ inputs: Matrix, _ targets: Matrix, _ weights: [Double], _ groups: [String]
  ) throws -> [Matrix] {
    var tried = [Matrix](repeating: targets, count: candidates.count)
    let folds = try FoldAssignment(groups: groups, folds: min(mostFolds, Set(groups).count), seed: 20_250_514).folds
    for fold in folds {
      let fit = try KernelRidge(
        inputs: inputs.selecting(rows: fold.training), targets: targets.selecting(rows: fold.training),
        weights: fold.training.map { weights[$0] }, mostCentres: foldCentres)
      let predictions = fit.predictions(of: inputs.selecting(rows: fold.heldOut), strengths: candidates)
      for (index, predicted) in predictions.enumerated() {
        for (position, row) in fold.heldOut.enumerated() {
          for target in 0..<targets.columns { tried[index][row, target] -= predicted[position, target] }
        }
      }
    }
    return tried
  }
}
