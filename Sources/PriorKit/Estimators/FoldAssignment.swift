import NumericCore

/// Which fold each preset is held out in.
public struct FoldAssignment: Sendable, Hashable {
  /// Fold of each preset, 0 ..< count.
  public let folds: [Int]
  /// Number of folds.
  public let count: Int

  /// Random folds whose sizes differ by at most one.
  ///
  /// - Throws: ``FoldError`` for fewer than 2 folds or more folds than presets.
  public init(presets: Int, folds: Int, seed: UInt64) throws(FoldError) {
    guard folds >= 2 else { throw .tooFewFolds(folds: folds) }
    guard folds <= presets else { throw .moreFoldsThanPresets(folds: folds, count: presets) }
    var source = RandomSource(seed: seed)
    var assigned = [Int](repeating: 0, count: presets)
    for (position, preset) in (0..<presets).shuffled(using: &source).enumerated() {
      assigned[preset] = position % folds
    }
    self.folds = assigned
    count = folds
  }

  /// Folds that never split a group: groups in random order, the largest first, each to the fold with the fewest
  /// presets.
  ///
  /// - Throws: ``FoldError`` for fewer than 2 folds or more folds than groups.
  public init(groups: [String], folds: Int, seed: UInt64) throws(FoldError) {
    guard folds >= 2 else { throw .tooFewFolds(folds: folds) }
    var members: [String: [Int]] = [:]
    for (preset, group) in groups.enumerated() { members[group, default: []].append(preset) }
    guard folds <= members.count else { throw .moreFoldsThanGroups(folds: folds, groups: members.count) }
    var source = RandomSource(seed: seed)
    // Sorted before the shuffle, so that the seed alone decides.
    let shuffled = members.keys.sorted().shuffled(using: &source).map { members[$0] ?? [] }
    let order = shuffled.indices.sorted { (-shuffled[$0].count, $0) < (-shuffled[$1].count, $1) }
    var sizes = [Int](repeating: 0, count: folds)
    var assigned = [Int](repeating: 0, count: groups.count)
    for index in order {
      let fold = sizes.indices.min { (sizes[$0], $0) < (sizes[$1], $1) } ?? 0
      for preset in shuffled[index] { assigned[preset] = fold }
      sizes[fold] += shuffled[index].count
    }
    self.folds = assigned
    count = folds
  }

  /// The presets held out in a fold, in order.
  public func heldOut(in fold: Int) -> [Int] { folds.indices.filter { folds[$0] == fold } }

  /// The presets that a fold's estimators see, in order.
  public func training(for fold: Int) -> [Int] { folds.indices.filter { folds[$0] != fold } }
}

/// Folds that the presets cannot fill: each message names the counts and the remedy.
public enum FoldError: Error, Equatable, Sendable, CustomStringConvertible {
  case tooFewFolds(folds: Int)
  case moreFoldsThanPresets(folds: Int, count: Int)
  case moreFoldsThanGroups(folds: Int, groups: Int)

  public var description: String {
    switch self {
    case .tooFewFolds(let folds):
      "Cross-validation with \(folds) fold\(folds == 1 ? "" : "s") holds nothing out: use at least 2."
    case .moreFoldsThanPresets(let folds, let count):
      "\(count) presets cannot fill \(folds) folds: use at most \(count)."
    case .moreFoldsThanGroups(let folds, let groups):
      "\(groups) group\(groups == 1 ? "" : "s") cannot be split into \(folds) folds, because a group stays "
        + "together: "
        + (groups < 2 ? "use presets of several groups, or random folds." : "use at most \(groups) folds.")
    }
  }
}
