import Foundation

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
      "`sample_rate` is \(text(sampleRate)): give the rate in Hz, between 8000 and 768000")
    try require(
      sampleRate == sampleRate.rounded(),
      "`sample_rate` is \(text(sampleRate)): audio files have a whole number of Hz, so give one")
    try require(
      !series.isEmpty || !sends.isEmpty, "the chain is empty: give at least one effect in `series` or in `sends`")
    for effect in series {
      switch effect {
      case .biquad(let band): try band.validate(sampleRate: sampleRate)
      case .compressorExpander(let effect): try effect.validate()
      case .bitCrusher(let effect): try effect.validate()
      }
    }
    for effect in sends {
      switch effect {
      case .pingPongDelay(let effect): try effect.validate(sampleRate: sampleRate)
      case .feedbackDelayNetwork(let effect): try effect.validate(sampleRate: sampleRate)
      }
    }
    try requireDistinct(series.map(\.name) + sends.map(\.name), in: "the chain")
    // Distinct effects can still collide in a parameter: `reverb.send.gain` is the gain of a tone band called send,
    // and the cross-send from an effect called gain.
    let names = flatParameters.map(\.name)
    let repeated = Dictionary(grouping: names, by: \.self).first { $0.value.count > 1 }
    try require(
      repeated == nil, "two parameters are called `\(repeated?.key ?? "")`: rename one of the effects that own them"
    )
  }
}

// MARK: - Effects

extension BiquadBand {
  /// - Parameter owner: the effect whose tone equaliser the band belongs to, if any.
  func validate(sampleRate: Double, owner: String? = nil) throws {
    try requireName(name)
    let label = owner.map { "\(name) of \($0)" } ?? name
    try requireFrequencies(frequencyHz, key: "frequency_hz", of: label, sampleRate: sampleRate)
    if let q {
      try require(response.hasFreeQ, "`q` of \(label) is not free, a shelf has Q \(Self.shelfQ): remove the key")
      try requirePositive(q, key: "q", of: label)
    } else {
      try require(!response.hasFreeQ, "`q` is missing from \(label): add it, for example `q: [0.2, 20]`")
    }
  }
}

extension CompressorExpander {
  func validate() throws {
    try requireName(name)
    try requireOrdered(compressorRatio, key: "ratio", of: name)
    try require(
      compressorRatio.lower >= 1,
      "`ratio` of \(name) is \(text(compressorRatio)): a compression ratio is at least 1, raise the lower bound")
    if let period = maximumLookaheadMilliseconds {
      try require(
        period > 0 && period <= 1000,
        "`maximum_lookahead_ms` of \(name) is \(text(period)): give a time between 0 and 1000, or `none`")
    }
  }
}

extension BitCrusher {
  func validate() throws {
    try requireName(name)
    try requireOrdered(bits, key: "bits", of: name)
    try require(
      bits.lower >= 1 && bits.upper <= 24, "`bits` of \(name) is \(text(bits)): give a range inside [1, 24]")
  }
}

extension PingPongDelay {
  func validate(sampleRate: Double) throws {
    try requireName(name)
    try requirePositive(delayMilliseconds, key: "time_ms", of: name)
    try requireDuration(responseSeconds, key: "response_seconds", of: name)
    try require(
      responseSeconds * 1000 > delayMilliseconds.upper,
      "`response_seconds` of \(name) is \(text(responseSeconds)), shorter than its longest delay of "
        + "\(text(delayMilliseconds.upper)) ms: give a longer response or a shorter `time_ms`")
    try requireFrequencies(lowPassFrequencyHz, key: "lowpass_frequency_hz", of: name, sampleRate: sampleRate)
    try requirePositive(lowPassQ, key: "lowpass_q", of: name)
  }
}

extension FeedbackDelayNetwork {
  func validate(sampleRate: Double) throws {
    try requireName(name)
    try require(
      (1...Self.maximumLines).contains(delaySamples.count),
      "`delay_samples` of \(name) has \(delaySamples.count) lines: give between 1 and \(Self.maximumLines)")
    try requireDuration(responseSeconds, key: "response_seconds", of: name)
    for samples in delaySamples {
      try require(
        samples > 0 && Double(samples) < responseSeconds * sampleRate,
        "`delay_samples` of \(name) contains \(samples): a line is at least 1 sample and shorter than the response "
          + "of \(text(responseSeconds)) s")
    }
    try require(
      (2...4096).contains(decayPoints),
      "`decay_points` of \(name) is \(decayPoints): give between 2 and 4096 points")
    try requireDuration(maximumT60Seconds, key: "maximum_t60_seconds", of: name)
    try require(
      maximumAttenuation(sampleRate: sampleRate) > 1e-6,
      "`maximum_t60_seconds` of \(name) is \(text(maximumT60Seconds)), gone within one pass of its shortest line: "
        + "give a longer time")
    for band in tone { try band.validate(sampleRate: sampleRate, owner: name) }
    try requireDistinct(tone.map(\.name), in: "the tone of \(name)")
  }
}

// MARK: - Rules

private func require(_ condition: Bool, _ reason: @autoclosure () -> String) throws {
  guard condition else { throw ParameterError.invalidChain(reason: reason()) }
}

private func requireName(_ name: String) throws {
  let isWord = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
  try require(
    isWord && name.first?.isLetter == true,
    "`name` \"\(name)\" cannot be part of a parameter name: start with a letter and use letters, digits, _ and -")
}

private func requireDistinct(_ names: [String], in place: String) throws {
  var seen: Set<String> = []
  for name in names {
    try require(
      seen.insert(name).inserted, "`name` \(name) is used twice in \(place): give each effect a name of its own")
  }
}

private func requireOrdered(_ range: BiquadBand.Range, key: String, of owner: String) throws {
  try require(
    range.lower.isFinite && range.upper.isFinite,
    "`\(key)` of \(owner) is \(text(range)): give two finite numbers, `[lower, upper]`")
  try require(
    range.lower < range.upper,
    "`\(key)` of \(owner) is \(text(range)): the lower bound comes first and must be below the upper")
}

private func requirePositive(_ range: BiquadBand.Range, key: String, of owner: String) throws {
  try requireOrdered(range, key: key, of: owner)
  try require(range.lower > 0, "`\(key)` of \(owner) is \(text(range)): its lower bound must be above 0")
}

private func requireFrequencies(
  _ range: BiquadBand.Range, key: String, of owner: String, sampleRate: Double
) throws {
  try requirePositive(range, key: key, of: owner)
  try require(
    range.upper < sampleRate / 2,
    "`\(key)` of \(owner) is \(text(range)): its upper bound must be below \(text(sampleRate / 2)) Hz, half of "
      + "`sample_rate`")
}

private func requireDuration(_ seconds: Double, key: String, of owner: String) throws {
  try require(
    seconds > 0 && seconds <= 120,
    "`\(key)` of \(owner) is \(text(seconds)): give a time above 0 and at most 120 seconds")
}

private func text(_ value: Double) -> String { value.plainText }
private func text(_ range: BiquadBand.Range) -> String { "[\(range.lower.plainText), \(range.upper.plainText)]" }
