// What makes a description a chain that can be built. The messages name the keys of the YAML schema, which are the
// same words as the Swift properties, so that one text serves files and programs.

extension ChainDescription {
  /// Checks that the description is a chain that can be built: names, ranges, delay lines and durations.
  ///
  /// Reading a file ends with this check; a chain put together in code should be checked before it is used, since
  /// ``parameterSpace`` traps on duplicate names.
  ///
  /// - Throws: ``ParameterError/invalidChain(reason:)`` naming the first key at fault, its value and the remedy.
  public func validate() throws {
    try require(
      sampleRate.isFinite && (8000...768_000).contains(sampleRate),
      "`sample_rate` is \(sampleRate.plainText): give the rate in Hz, between 8000 and 768000")
    try require(
      sampleRate == sampleRate.rounded(),
      "`sample_rate` is \(sampleRate.plainText): audio files have a whole number of Hz, so give one")
    try require(
      !series.isEmpty || !sends.isEmpty, "the chain is empty: give at least one effect in `series` or in `sends`")
    for effect in series { try effect.description.validate(inChainAt: sampleRate) }
    for effect in sends { try effect.description.validate(inChainAt: sampleRate) }
    try requireDistinct(series.map(\.name) + sends.map(\.name), in: "the chain")
    try validateVariants()
    // Distinct effects can still collide in a parameter: `reverb.send.gain` is the gain of a tone band called send,
    // and the cross-send from an effect called gain.
    let names = flatParameters.map(\.name)
    try require(
      !names.isEmpty, "the chain has no free parameter: give a range `[lower, upper]` in place of a fixed number")
    let repeated = Dictionary(grouping: names, by: \.self).first { $0.value.count > 1 }
    try require(
      repeated == nil, "two parameters are called `\(repeated?.key ?? "")`: rename one of the effects that own them"
    )
  }
}

extension ChainDescription {
  /// As many as a table of all patterns has room for.
  package static let mostOptionalEffects = 16

  private func validateVariants() throws {
    let names = series.map(\.name)
    let unknown = optionalEffects.subtracting(names + sends.map(\.name)).sorted()
    try require(
      unknown.isEmpty, "\(unknown.first ?? "") is optional but no effect of the chain: correct the name")
    try require(
      optionalEffects.count <= Self.mostOptionalEffects,
      "\(optionalEffects.count) effects are `optional`, more than \(Self.mostOptionalEffects): leave out those "
        + "that nearly every preset has")
    for (index, order) in furtherOrders.enumerated() {
      let place = "entry \(index + 1) of `orders`"
      try require(
        order.sorted() == names.sorted(),
        "\(place) is \(order.joined(separator: ", ")): give each effect of `series` once, "
          + names.joined(separator: ", "))
      try require(
        order != names && !furtherOrders[..<index].contains(order),
        "\(place) is an order that the chain has already: remove it")
    }
  }
}

extension EffectDescription {
  fileprivate func validate(inChainAt sampleRate: Double) throws {
    try requireName(name)
    try validate(sampleRate: sampleRate)
  }
}
