import FXParams
import HDF5Store
import PresetStore

// The group /patterns of a prior file: present [pattern, optional effect], order and probability [pattern].

extension HDF5Writer {
  func write(_ patterns: PatternDistribution, of chain: ChainDescription) throws {
    let (names, count) = (chain.optionalNames, patterns.patterns.count)
    try createGroup(PatternsGroup.path)
    try write(Array(0..<count), shape: [count], to: PatternsGroup.pattern)
    try makeScale(PatternsGroup.pattern, name: "pattern")
    if !names.isEmpty {
      try write(names, to: PatternsGroup.effects)
      try makeScale(PatternsGroup.effects, name: "optional_effects")
      try write(
        patterns.patterns.flatMap { $0.present.map { $0 ? 1 : 0 } }, shape: [count, names.count],
        to: PatternsGroup.present, compressed: true)
      try attach(scales: [PatternsGroup.pattern, PatternsGroup.effects], to: PatternsGroup.present)
    }
    try write(patterns.patterns.map(\.order), shape: [count], to: PatternsGroup.order)
    try write(patterns.probabilities, shape: [count], to: PatternsGroup.probability)
    for name in [PatternsGroup.order, PatternsGroup.probability] {
      try attach(scales: [PatternsGroup.pattern], to: name)
    }
  }
}

extension HDF5Reader {
  /// The patterns of a prior; nil for one of presets of one shape.
  ///
  /// - Throws: `DataError` for arrays that do not fit one another or the chain.
  func patternDistribution(of chain: ChainDescription) throws -> PatternDistribution? {
    guard contains(PatternsGroup.path) else { return nil }
    func unfit(_ reason: String) -> DataError {
      DataError(.malformed, path, "\(PatternsGroup.path) in \(path) \(reason): fit the prior again.")
    }
    let names = chain.optionalNames
    let masses = try doubles(PatternsGroup.probability)
    let orders = try integers(PatternsGroup.order)
    let count = masses.values.count
    guard count > 0, masses.shape == [count], orders.shape == [count] else {
      throw unfit("has arrays of different lengths")
    }
    var present = [Int](repeating: 1, count: count * names.count)
    if !names.isEmpty {
      guard try strings(PatternsGroup.effects) == names else { throw unfit("is of other effects than the chain's") }
      let stored = try integers(PatternsGroup.present)
      guard stored.shape == [count, names.count] else { throw unfit("has arrays of different lengths") }
      present = stored.values
    }
    let patterns = (0..<count).map { row in
      ChainPattern(
        present: present[row * names.count..<(row + 1) * names.count].map { $0 != 0 }, order: orders.values[row])
    }
    guard present.allSatisfy({ $0 == 0 || $0 == 1 }), Set(chain.allPatterns).isSuperset(of: patterns) else {
      throw unfit("has a pattern that the chain does not allow")
    }
    do {
      return try PatternDistribution(patterns: patterns, masses: masses.values)
    } catch {
      throw unfit("is no distribution. \(error)")
    }
  }
}

/// Where the parts stand in a file.
private enum PatternsGroup {
  static let path = "/patterns"
  static let pattern = path + "/pattern"
  static let effects = path + "/optional_effects"
  static let present = path + "/present"
  static let order = path + "/order"
  static let probability = path + "/probability"
}
