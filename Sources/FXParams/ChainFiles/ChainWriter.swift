import Yams

extension ChainDescription {
  /// The description in PriorKit's YAML schema (see ``init(yaml:)``).
  ///
  /// The same description always gives the same text, and every number reads back as the same Double.
  ///
  /// - Throws: ``ParameterError/invalidChain(reason:)`` where ``validate()`` does: no file is written that could
  ///   not be read.
  public func yaml() throws -> String {
    try validate()
    let root = block([
      (ChainSchema.versionKey, scalar(String(ChainSchema.version))),
      ("sample_rate", number(sampleRate)),
      ("cross_sends", scalar(String(hasCrossSends))),
      ("direct_pan", scalar(String(hasDirectPan))),
      ("series", list(series.map(\.node))),
      ("sends", list(sends.map(\.node))),
    ])
    do {
      return try Yams.serialize(node: root, width: -1)
    } catch {
      throw ParameterError.invalidChain(
        reason: "it cannot be written as YAML, \(error): check the names of its effects")
    }
  }
}

// MARK: - Effects

extension ChainDescription.SeriesEffect {
  fileprivate var node: Node {
    switch self {
    case .biquad(let band): band.node
    case .compressorExpander(let effect):
      block([
        ("effect", scalar(ChainSchema.compressorExpander)),
        ("name", scalar(effect.name)),
        ("ratio", range(effect.compressorRatio)),
        ("maximum_lookahead_ms", effect.maximumLookaheadMilliseconds.map(number) ?? scalar("none")),
      ])
    case .bitCrusher(let effect):
      block([
        ("effect", scalar(ChainSchema.bitCrusher)), ("name", scalar(effect.name)), ("bits", range(effect.bits)),
      ])
    }
  }
}

extension BiquadBand {
  fileprivate var node: Node {
    var pairs = [
      ("effect", scalar(response.rawValue)), ("name", scalar(name)), ("frequency_hz", range(frequencyHz)),
    ]
    if let q { pairs.append(("q", range(q))) }
    return block(pairs)
  }
}

extension ChainDescription.SendEffect {
  fileprivate var node: Node {
    switch self {
    case .pingPongDelay(let effect):
      block([
        ("effect", scalar(ChainSchema.pingPongDelay)),
        ("name", scalar(effect.name)),
        ("time_ms", range(effect.delayMilliseconds)),
        ("response_seconds", number(effect.responseSeconds)),
        ("lowpass_frequency_hz", range(effect.lowPassFrequencyHz)),
        ("lowpass_q", range(effect.lowPassQ)),
      ])
    case .feedbackDelayNetwork(let effect):
      block([
        ("effect", scalar(ChainSchema.feedbackDelayNetwork)),
        ("name", scalar(effect.name)),
        ("delay_samples", row(effect.delaySamples.map { scalar(String($0)) })),
        ("decay_points", scalar(String(effect.decayPoints))),
        ("response_seconds", number(effect.responseSeconds)),
        ("maximum_t60_seconds", number(effect.maximumT60Seconds)),
        ("tone", list(effect.tone.map(\.node))),
      ])
    }
  }
}

// MARK: - Nodes

private func scalar(_ text: String) -> Node { .scalar(.init(text, Tag(.implicit), .plain)) }

private func number(_ value: Double) -> Node { scalar(value.plainText) }

private func range(_ range: BiquadBand.Range) -> Node { row([number(range.lower), number(range.upper)]) }

private func row(_ nodes: [Node]) -> Node { .sequence(.init(nodes, Tag(.implicit), .flow)) }

private func list(_ nodes: [Node]) -> Node {
  nodes.isEmpty ? row([]) : .sequence(.init(nodes, Tag(.implicit), .block))
}

private func block(_ pairs: [(String, Node)]) -> Node {
  .mapping(.init(pairs.map { (scalar($0.0), $0.1) }, Tag(.implicit), .block))
}
