import Foundation
import NumericCore

/// `info.json` of a folder in the DiffVox layout, with the keys of the authors' `get_params.py` in their order, and
/// with `provenance`, which their code does not read.
enum DiffVoxInformationText {
  /// Recordings are named by label and group, which ``DiffVoxImport`` reads back: `dry/GROUP/LABEL.wav` and
  /// `wet/GROUP/LABEL.wav`. Where they lie and how they are shifted is not known here, so shifts are 0.
  static func text(of presets: PresetCollection, provenance: Provenance?) throws -> String {
    let names = (0..<presets.count).map { row in
      let label = component(presets.label(of: row))
      return presets.groups.map { component($0[row]) + "/" + label } ?? label
    }
    var entries: [(key: String, value: String)] = [
      ("runs", try json(names)),
      ("dry_files", try json(names.map { "dry/\($0).wav" })),
      ("wet_files", try json(names.map { "wet/\($0).wav" })),
      ("alignment_shifts", try json([Int](repeating: 0, count: presets.count))),
      ("params_original_shapes", try json(DiffVoxLayout.entries.map(\.shape))),
      ("params_keys", try json(DiffVoxLayout.entries.map(\.key))),
      ("problematic_runs", try json(problems)),
    ]
    if let provenance { entries.append(("provenance", try json(provenance))) }
    return "{\n" + entries.map { "    \"\($0.key)\": \($0.value)" }.joined(separator: ",\n") + "\n}\n"
  }

  /// A name that is one part of a path.
  private static func component(_ name: String) -> String {
    let name = name.replacingOccurrences(of: "/", with: "_")
    return name.isEmpty ? "_" : name
  }

  /// The authors' lists of runs that were refused: none is known here.
  private static let problems: [String: [String]] = [
    "terminated": [], "loss_above_4.0": [], "not_converged": [], "fluctuated_above_0.2": [],
  ]

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
