public import FXParams

/// Parameters that belong together in a chain: what correlation is summarised by and what estimators may shrink towards.
public struct EffectBlock: Sendable, Hashable {
  public let name: String
  /// Positions in the flat order, ascending.
  public let indices: [Int]

  public init(name: String, indices: [Int]) {
    self.name = name
    self.indices = indices
  }
}

extension ChainDescription {
  /// A partition of the parameters: the equaliser, each compressor, the sends with their delays and pans, and of each
  /// reverb its decay (gamma), its network (b, c and the generator w) and its tone.
  public var effectBlocks: [EffectBlock] {
    var blocks: [(name: String, indices: [Int])] = []
    for (index, parameter) in parameterSpace.parameters.enumerated() {
      let name = blockName(of: parameter.name)
      if let known = blocks.firstIndex(where: { $0.name == name }) {
        blocks[known].indices.append(index)
      } else {
        blocks.append((name, [index]))
      }
    }
    return blocks.map { EffectBlock(name: $0.name, indices: $0.indices) }
  }

  private func blockName(of parameter: String) -> String {
    let parts = parameter.split(separator: ".").map(String.init)
    for effect in series where effect.name == parts[0] {
      if case .compressorExpander = effect { return effect.name }
      return "equaliser"
    }
    guard parts.count > 1, parts[1] != "send" else { return "sends" }
    for case .feedbackDelayNetwork(let effect) in sends where effect.name == parts[0] {
      switch parts[1] {
      case "gamma": return effect.name + ".decay"
      case "b", "c", "w": return effect.name + ".network"
      default: return effect.name + ".tone"
      }
    }
    return "sends"
  }
}
