public import NumericCore

/// An assumption about a scatter matrix: a map from the free estimate S to one that fewer presets determine.
///
/// A shape has numbers, which may be given, or chosen by the presets among ``candidates(round:blocks:)``.
public protocol ScatterShape: Sendable {
  /// The name in tables: `blocks`, `factors-blocks`, ...
  var name: String { get }
  /// The numbers, for the record of a fit.
  var hyperparameters: [FitRecord.Hyperparameter] { get }

  /// A symmetric matrix with the diagonal of `scatter`, positive definite wherever that diagonal is positive and
  /// the shape is not free.
  ///
  /// - Parameters:
  ///   - scatter: the free estimate, symmetric [D, D].
  ///   - blocks: coordinates that belong together, a partition of 0 ..< D.
  func shaped(_ scatter: Matrix, blocks: [[Int]]) throws -> Matrix

  /// Variations of this shape: those of round 0 are tried first, then those of round 1 of the best of them, until a
  /// round has none. The strongest come first.
  func candidates(round: Int, blocks: [[Int]]) -> [any ScatterShape]

  /// `scatter` in each of the shapes of ``candidates(round:blocks:)``, in their order: one by one, or sharing work.
  func shapedByCandidates(round: Int, _ scatter: Matrix, blocks: [[Int]]) throws -> [Matrix]
}

extension ScatterShape {
  public var hyperparameters: [FitRecord.Hyperparameter] { [] }
  public func candidates(round: Int, blocks: [[Int]]) -> [any ScatterShape] { [] }

  public func shapedByCandidates(round: Int, _ scatter: Matrix, blocks: [[Int]]) throws -> [Matrix] {
    try candidates(round: round, blocks: blocks).map { try $0.shaped(scatter, blocks: blocks) }
  }
}

extension ScatterShape {
  /// The best shape that can be had from this one, round by round: the best candidate of a round has those of the
  /// next. A round without finite scores changes nothing.
  ///
  /// - Parameter scores: those of the `count` candidates that a shape has in a round, in their order.
  func varied(
    blocks: [[Int]], scores: (_ shape: any ScatterShape, _ round: Int, _ count: Int) throws -> [Double]
  ) rethrows -> any ScatterShape {
    var best: any ScatterShape = self
    for round in 0... {
      let candidates = best.candidates(round: round, blocks: blocks)
      guard !candidates.isEmpty else { break }
      let scores = try scores(best, round, candidates.count)
      let index = HeldOutChoice.index(ofBest: scores)
      if scores[index].isFinite { best = candidates[index] }
    }
    return best
  }
}

/// S as it is.
public struct FreeScatter: ScatterShape {
  public let name = "full"
  public init() {}
  public func shaped(_ scatter: Matrix, blocks: [[Int]]) -> Matrix { scatter }
}
