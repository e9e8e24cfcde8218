/// Which of a chain's optional effects a preset has, and in which order its series runs.
///
/// The *complete* pattern has every effect, in the order in which the chain lists them; presets of a chain without
/// optional effects and further orders have no other.
public struct ChainPattern: Sendable, Hashable {
  /// Whether each of ``ChainDescription/optionalNames`` is there.
  public let present: [Bool]
  /// 0 for the series as the chain lists it, k for the k-th of ``ChainDescription/furtherOrders``.
  public let order: Int

  public init(present: [Bool], order: Int = 0) {
    self.present = present
    self.order = order
  }
}

/// The chain that a pattern leaves, with the places of its parameters in the whole one.
public struct ChainVariant: Sendable, Hashable {
  /// The effects that are there, in the pattern's order; none of them is optional.
  public let chain: ChainDescription
  /// For each parameter of ``chain``, its position in the flat order of the whole chain.
  public let positions: [Int]
}

extension ChainDescription {
  /// Whether presets of the chain can differ in shape: it has optional effects, or further orders.
  public var hasVariants: Bool { !optionalEffects.isEmpty || !furtherOrders.isEmpty }

  /// Names of the optional effects, in the order of the chain.
  public var optionalNames: [String] {
    (series.map(\.name) + sends.map(\.name)).filter { optionalEffects.contains($0) }
  }

  /// Every effect, in the order of the chain.
  public var completePattern: ChainPattern {
    ChainPattern(present: Array(repeating: true, count: optionalNames.count))
  }

  /// The orders of the series, as listed first.
  public var orders: [[String]] { [series.map(\.name)] + furtherOrders }

  /// Whether the chain has such a pattern: an entry for each optional effect, one of its orders, and an effect and
  /// a parameter that are left.
  public func admits(_ pattern: ChainPattern) -> Bool {
    guard pattern.present.count == optionalEffects.count, orders.indices.contains(pattern.order) else {
      return false
    }
    let variant = variant(pattern)
    return !(variant.chain.series.isEmpty && variant.chain.sends.isEmpty) && !variant.positions.isEmpty
  }

  /// The same pattern under the first order that runs the effects that are there alike: where the compressor is
  /// absent, it stands before the equaliser as well as behind it.
  public func canonical(_ pattern: ChainPattern) -> ChainPattern {
    guard pattern.order > 0 else { return pattern }
    let absent = absentNames(pattern)
    let orders = orders.map { order in order.filter { !absent.contains($0) } }
    let first = orders.firstIndex(of: orders[pattern.order]) ?? pattern.order
    return ChainPattern(present: pattern.present, order: first)
  }

  /// The chain of the effects that a pattern has.
  ///
  /// - Precondition: an entry for each optional effect, and an order that the chain has.
  public func variant(_ pattern: ChainPattern) -> ChainVariant {
    let names = orders[pattern.order]
    let absent = absentNames(pattern)
    let slots = slots
    let kept = names.filter { !absent.contains($0) }.compactMap { name in
      series.firstIndex { $0.name == name }
    }
    let keptSends = sends.indices.filter { !absent.contains(sends[$0].name) }
    let chain = ChainDescription(
      sampleRate: sampleRate, series: kept.map { series[$0] }, sends: keptSends.map { sends[$0] },
      hasCrossSends: hasCrossSends, hasDirectPan: hasDirectPan)
    let gains = zip(crossSends, slots.crossSends).map { (pair: $0, position: $1) }
    let keptGains = chain.crossSends.compactMap { own in
      gains.first { $0.pair == (keptSends[own.source], keptSends[own.destination]) }?.position
    }
    let positions =
      kept.flatMap { Array(slots.series[$0]) } + keptGains + keptSends.flatMap { Array(slots.sends[$0]) }
      + (slots.directPan.map { [$0] } ?? [])
    return ChainVariant(chain: chain, positions: positions)
  }

  /// Positions, ascending, of the parameters that a pattern has no value for.
  public func absentPositions(_ pattern: ChainPattern) -> [Int] {
    let present = Set(variant(pattern).positions)
    return flatParameters.indices.filter { !present.contains($0) }
  }

  /// For each optional effect, the positions, ascending, of the parameters that are absent without it: its own, and
  /// the gains of sends between it and others.
  public var optionalPositions: [[Int]] {
    let names = optionalNames
    return names.indices.map { index in
      let without = ChainPattern(present: names.indices.map { $0 != index })
      return absentPositions(without)
    }
  }

  /// In words: `complete`, `without delay, reverb`, `order 2; without delay`.
  public func words(for pattern: ChainPattern) -> String {
    let absent = absentNames(pattern)
    let names = optionalNames.filter { absent.contains($0) }
    var parts = names.isEmpty ? [] : ["without " + names.joined(separator: ", ")]
    if pattern.order > 0 { parts.insert("order \(pattern.order + 1)", at: 0) }
    return parts.isEmpty ? "complete" : parts.joined(separator: "; ")
  }

  private func absentNames(_ pattern: ChainPattern) -> Set<String> {
    precondition(
      pattern.present.count == optionalEffects.count && orders.indices.contains(pattern.order),
      "A pattern of another chain")
    return Set(zip(optionalNames, pattern.present).filter { !$0.1 }.map(\.0))
  }
}
