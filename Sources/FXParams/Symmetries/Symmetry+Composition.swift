// Symmetries compose to symmetries: group laws.

extension Symmetry {
  /// The map back. Its criterion, for an approximate symmetry, is that of the map itself.
  public var inverse: Symmetry {
    Symmetry(
      name: "inverse of \(name)", kind: kind, effect: effect,
      entries: entries.map { Entry(target: $0.source, source: $0.target, map: $0.map.inverse) },
      conditions: conditions)
  }

  /// This symmetry, then another. The result applies where both steps can be taken at once, through values, and
  /// where the preset before the first step meets the criteria of both.
  public func followed(by next: Symmetry, name: String? = nil) -> Symmetry {
    let first = Dictionary(uniqueKeysWithValues: entries.map { ($0.target, $0) })
    let second = Dictionary(uniqueKeysWithValues: next.entries.map { ($0.target, $0) })
    let targets = Set(first.keys).union(second.keys)
    let joined = targets.map { target in
      let last = second[target] ?? Entry(target: target, source: target)
      let before = first[last.source] ?? Entry(target: last.source, source: last.source)
      return Entry(target: target, source: before.source, map: before.map.followed(by: last.map))
    }
    let isMirrored = (effect == .mirrored) != (next.effect == .mirrored)
    return Symmetry(
      name: name ?? Self.joinedName(self, next), kind: max(kind, next.kind),
      effect: isMirrored ? .mirrored : .unchanged, entries: joined, conditions: conditions + next.conditions)
  }

  private static func joinedName(_ first: Symmetry, _ next: Symmetry) -> String {
    if first.entries.isEmpty { return next.name }
    return next.entries.isEmpty ? first.name : "\(first.name), \(next.name)"
  }

  /// The element of the continuous family through this symmetry that goes `exponent` times as far: a gauge by 2
  /// becomes one by 2^exponent.
  ///
  /// - Precondition: the symmetry consists of scalings by positive factors and of translations.
  public func raised(to exponent: Double) -> Symmetry {
    Symmetry(
      name: "\(name) to the power \(exponent.plainText)", kind: kind, effect: effect,
      entries: entries.map { Entry(target: $0.target, source: $0.source, map: $0.map.raised(to: exponent)) },
      conditions: conditions)
  }
}
