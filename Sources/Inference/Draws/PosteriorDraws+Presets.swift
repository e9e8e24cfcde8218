public import PresetStore

extension PosteriorDraws {
  /// The draws as presets, labelled `chain-C-draw-D` from 1 and grouped by chain.
  public var presets: PresetCollection {
    let numbers = chains.indices.flatMap { chain in (0..<drawCount).map { (chain + 1, $0 + 1) } }
    return PresetCollection(
      chain: chain, theta: pooledLogits, labels: numbers.map { "chain-\($0)-draw-\($1)" },
      groups: numbers.map { "chain-\($0.0)" })
  }
}
