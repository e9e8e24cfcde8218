import FXParams
import PresetStore
import Workflows

/// How a file was made, in lines for people.
enum ProvenanceText {
  static func lines(_ provenance: Provenance) -> [String] {
    let inputs = provenance.inputs.map { "\($0.path) (\($0.sha256.prefix(8)))" }
    return [
      "made by: \(provenance.command)",
      "         PriorKit \(provenance.version)" + (provenance.date.isEmpty ? "" : ", \(provenance.date)")
        + (provenance.seed.map { ", seed \($0)" } ?? ""),
    ] + (inputs.isEmpty ? [] : ["from:    \(inputs.joined(separator: ", "))"])
  }

  static func text(_ provenance: Provenance) -> String { lines(provenance).map { $0 + "\n" }.joined() }
}

extension ChainDescription {
  /// In the order of the chain.
  var effectNames: [String] { series.map(\.name) + sends.map(\.name) }

  /// What the description fixes in so many words.
  var statedFixedParameters: [FixedParameter] { fixedParameters.filter(\.isStated) }
}

/// The chain in a line: its effects in their order.
enum ChainText {
  static func line(_ effects: [String], sampleRate: Double) -> String {
    "chain:   \(effects.joined(separator: ", ")); \(NumberText.short(sampleRate, digits: 6)) Hz"
  }

  /// What the chain fixes, in a line; none where it says nothing of the kind.
  static func fixedLines(_ chain: ChainDescription) -> [String] {
    let fixed = chain.statedFixedParameters
    return fixed.isEmpty ? [] : ["fixed:   \(fixed.map(\.description).joined(separator: ", "))"]
  }
}
