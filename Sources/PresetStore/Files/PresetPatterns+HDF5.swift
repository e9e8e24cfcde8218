package import FXParams
package import HDF5Store

// Which effects each preset has: /present [preset, optional_effects], and /order [preset] where the chain has
// further orders.

/// Names of the datasets.
private enum PatternNames {
  static let present = "/present"
  static let effects = "/optional_effects"
  static let order = "/order"
}

extension HDF5Writer {
  package func write(_ patterns: [ChainPattern], of chain: ChainDescription) throws {
    let names = chain.optionalNames
    if !names.isEmpty {
      try write(names, to: PatternNames.effects)
      try write(
        patterns.flatMap { $0.present.map { $0 ? 1 : 0 } }, shape: [patterns.count, names.count],
        to: PatternNames.present, compressed: true)
    }
    guard !chain.furtherOrders.isEmpty else { return }
    try write(patterns.map(\.order), shape: [patterns.count], to: PatternNames.order)
  }
}

extension HDF5Reader {
  /// Whether some presets lack effects, or have another order than that of the chain.
  ///
  /// - Throws: as ``patterns(of:presets:)``.
  package func variesInShape(_ chain: ChainDescription, presets count: Int) throws -> Bool {
    try patterns(of: chain, presets: count)?.contains { $0 != chain.completePattern } ?? false
  }

  /// Whether the file says anything of patterns.
  private var hasPatterns: Bool { contains(PatternNames.present) || contains(PatternNames.order) }

  /// The patterns of a file of presets; nil where it says nothing of them: all presets are complete.
  ///
  /// - Throws: ``DataError`` for arrays of another shape, other effects, and patterns that the chain does not have.
  package func patterns(of chain: ChainDescription, presets count: Int) throws -> [ChainPattern]? {
    guard hasPatterns else { return nil }
    let names = chain.optionalNames
    var present = [Int](repeating: 1, count: count * names.count)
    if contains(PatternNames.present) {
      let (shape, values) = try integers(PatternNames.present)
      guard shape == [count, names.count], try strings(PatternNames.effects) == names else {
        throw DataError(
          .wrongShape, path,
          "/present in \(path) does not say for \(count) presets which of \(names.joined(separator: ", ")) they "
            + "have: make the file again.")
      }
      present = values
    }
    var orders = [Int](repeating: 0, count: count)
    if contains(PatternNames.order) {
      let (shape, values) = try integers(PatternNames.order)
      guard shape == [count] else {
        throw DataError(
          .wrongShape, path, "/order in \(path) has shape \(shape) for \(count) presets: make the file again.")
      }
      orders = values
    }
    // Presets are many, patterns few.
    var admitted: Set<ChainPattern> = []
    return try (0..<count).map { row in
      let own = present[row * names.count..<(row + 1) * names.count]
      let pattern = ChainPattern(present: own.map { $0 != 0 }, order: orders[row])
      let isKnown = admitted.contains(pattern) || (chain.admits(pattern) && chain.canonical(pattern) == pattern)
      guard own.allSatisfy({ $0 == 0 || $0 == 1 }), isKnown else {
        throw DataError(
          .invalidValue, path,
          "Preset \(row) in \(path) has effects or an order that its chain does not allow (/present, /order): make "
            + "the file again.")
      }
      admitted.insert(pattern)
      return pattern
    }
  }
}
