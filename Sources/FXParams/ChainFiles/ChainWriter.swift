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
    let root = Node.block([
      (ChainSchema.versionKey, .text(String(ChainSchema.version))),
      ("sample_rate", .number(sampleRate)),
      ("cross_sends", .text(String(hasCrossSends))),
      ("direct_pan", .text(String(hasDirectPan))),
      ("series", .list(series.map { $0.description.node })),
      ("sends", .list(sends.map { $0.description.node })),
    ])
    do {
      return try Yams.serialize(node: root, width: -1)
    } catch {
      throw ParameterError.invalidChain(
        reason: "it cannot be written as YAML, \(error): check the names of its effects")
    }
  }
}
