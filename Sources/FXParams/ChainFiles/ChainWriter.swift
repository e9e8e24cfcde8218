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
    func node(_ effect: any EffectDescription) -> Node {
      effect.node(and: optionalEffects.contains(effect.name) ? [(ChainSchema.optionalKey, .text("true"))] : [])
    }
    let orders = furtherOrders.map { Node.row($0.map { .text($0) }) }
    let root = Node.block(
      [
        (ChainSchema.versionKey, .text(String(ChainSchema.version))),
        ("sample_rate", .number(sampleRate)),
        ("cross_sends", .text(String(hasCrossSends))),
        ("direct_pan", .text(String(hasDirectPan))),
        ("series", .list(series.map { node($0.description) })),
        ("sends", .list(sends.map { node($0.description) })),
      ] + (orders.isEmpty ? [] : [(ChainSchema.ordersKey, .list(orders))]))
    do {
      return try Yams.serialize(node: root, width: -1)
    } catch {
      throw ParameterError.invalidChain(
        reason: "it cannot be written as YAML, \(error): check the names of its effects")
    }
  }
}
