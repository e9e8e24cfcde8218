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

extension EffectDescription {
  fileprivate func validate(inChainAt sampleRate: Double) throws {
    try requireName(name)
    try validate(sampleRate: sampleRate)
  }
}
