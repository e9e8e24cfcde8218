extension ChainDescription {
  /// Every pattern that the chain admits, each in canonical form: the complete one first.
  ///
  /// There are at most 2 to the number of optional effects of them for each order.
  public var allPatterns: [ChainPattern] {
    let optional = optionalNames
    let series = series.map(\.name)
    let mandatory = series.count + sends.count - optional.count
    // A pattern is canonical where no earlier order runs what is there alike.
    let ranked = orders.map { order in order.map { name in optional.firstIndex(of: name) } }
    let named = orders
    var patterns: [ChainPattern] = []
    for mask in (0..<1 << optional.count).reversed() {
      let present = optional.indices.map { mask & 1 << $0 != 0 }
      guard mask != 0 || mandatory > 0 else { continue }
      var seen: [[String]] = []
      for index in named.indices {
        let running = zip(named[index], ranked[index]).filter { $1.map { present[$0] } ?? true }.map(\.0)
        guard !seen.contains(running) else { continue }
        seen.append(running)
        patterns.append(ChainPattern(present: present, order: index))
      }
    }
    guard !hasParameterWhateverIsAbsent else { return patterns }
    let decisive = optionalPositions.map { !$0.isEmpty }
    return patterns.filter { zip($0.present, decisive).contains { $0 && $1 } }
  }

  /// Whether an effect that is not optional has a parameter.
  private var hasParameterWhateverIsAbsent: Bool {
    hasDirectPan || series.contains { !optionalEffects.contains($0.name) && !$0.parameters().isEmpty }
      || sends.contains { !optionalEffects.contains($0.name) && !$0.parameters(sampleRate: sampleRate).isEmpty }
  }
}
