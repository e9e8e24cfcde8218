import NumericCore

/// Rows that are fitted to, and rows that are scored.
public struct Fold: Sendable, Hashable {
  /// Indices of the rows that are fitted to.
  public var training: [Int]
  /// Indices of the rows that are scored, in the order of the scores.
  public var heldOut: [Int]

  public init(training: [Int], heldOut: [Int]) {
    self.training = training
    self.heldOut = heldOut
  }
}

/// Which fold each preset is held out in.
public struct FoldAssignment: Sendable, Hashable {
  /// The fold of each preset, 0 ..< count.
  public let foldOfPreset: [Int]
  /// Number of folds.
  public let count: Int

  /// What each fold holds out and what its estimators see, both in the order of the presets.
  public var folds: [Fold] {
    (0..<count).map { fold in
      let presets = foldOfPreset.indices
      return Fold(
        training: presets.filter { foldOfPreset[$0] != fold }, heldOut: presets.filter { foldOfPreset[$0] == fold })
    }
  }

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
    foldOfPreset = assigned
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
    foldOfPreset = assigned
    count = folds
  }

  /// The folds inside the data of a fit, on which it chooses its hyper-parameters.
  ///
  /// Equal rows, and copies of one preset, share a fold, or duplicates would make every shrinkage look too weak.
  /// The folds are shuffled by a fixed seed, so that a fit is a function of its data. With fewer than five
  /// different rows nothing can be held out: there are no folds.
  ///
  /// - Parameter origins: which preset each row is a copy of, where rows are copies.
  init(inside rows: Matrix, origins: [Int]?, count: Int = 5) {
    var classes: [[Double]: Int] = [:]
    let membership = (0..<rows.rows).map { row in
      let values = origins.map { [Double($0[row])] } ?? rows.row(row)
      let number = classes[values, default: classes.count]
      classes[values] = number
      return number
    }
    var source = RandomSource(seed: 20_041_110)
    let order = (0..<classes.count).shuffled(using: &source)
    foldOfPreset = membership.map { order[$0] % count }
    self.count = classes.count >= 5 ? count : 0
  }
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
