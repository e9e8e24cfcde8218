import FileOutput
public import Foundation

/// A folder of LV2 presets: `manifest.ttl`, a Turtle file for each preset, and `LIMITS.txt`.
///
/// Hosts find it in any folder of LV2 bundles. The statements are those of the preset extension
/// (http://lv2plug.in/ns/ext/presets) as lilv's `lilv_state_save` writes them.
public struct LV2Bundle: Sendable {
  /// What one preset of PriorKit became.
  public struct Entry: Sendable {
    /// The name that hosts show.
    public var name: String
    /// One for each plugin, in the order of the chain.
    public var presets: [LV2Preset]

    public init(name: String, presets: [LV2Preset]) {
      self.name = name
      self.presets = presets
    }
  }

  /// In the order of the collection.
  public var entries: [Entry]
  /// What no plugin of the bundle does, in sentences.
  public var limits: [String]

  public init(entries: [Entry], limits: [String]) {
    self.entries = entries
    self.limits = limits
  }

  /// The name of the file with the limits.
  public static let limitsName = "LIMITS.txt"

  // MARK: - Files

  /// The files of the folder.
  ///
  /// - Parameter provenance: becomes a comment of the manifest.
  public func files(provenance: Provenance? = nil) throws -> [(name: String, content: Data)] {
    var files: [(name: String, content: Data)] = []
    var manifest = Self.prefixes
    if let provenance { manifest = "# " + (try provenance.json()) + "\n" + manifest }
    for (number, entry) in entries.enumerated() {
      for (place, preset) in entry.presets.enumerated() {
        let file = "preset-\(number)-\(place + 1).ttl"
        manifest += Self.reference(preset, file: file)
        files.append((file, Data(Self.text(of: preset, label: "\(entry.name): \(preset.role)", file: file).utf8)))
      }
    }
    files.insert(("manifest.ttl", Data(manifest.utf8)), at: 0)
    files.append((Self.limitsName, Data(limitsText.utf8)))
    return files
  }

  /// Writes the folder, completely or not at all; an existing one is replaced as a whole.
  public func write(to folder: String, provenance: Provenance? = nil, overwrite: Bool) throws {
    try OutputBundle.write(files(provenance: provenance), to: folder, overwrite: overwrite, isOwn: Self.isOwn)
  }

  /// Whether a name in a folder is one that these bundles have.
  public static func isOwn(_ name: String) -> Bool {
    name == limitsName || name == "manifest.ttl" || (name.hasPrefix("preset-") && name.hasSuffix(".ttl"))
  }

  /// What is not expressed: first for all presets, then the values out of range for each.
  public var limitsText: String {
    let general = limits.map { $0 + "\n" }.joined()
    return entries.reduce(general) { text, entry in
      let sentences = entry.presets.flatMap(\.range.sentences)
      return sentences.isEmpty ? text : text + "\n\(entry.name)\n" + sentences.map { "  \($0)\n" }.joined()
    }
  }

  // MARK: - Turtle

  private static let prefixes = """
    @prefix lv2: <http://lv2plug.in/ns/lv2core#> .
    @prefix pset: <http://lv2plug.in/ns/ext/presets#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

    """

  private static func reference(_ preset: LV2Preset, file: String) -> String {
    "\n<\(file)>\n  a pset:Preset ;\n  lv2:appliesTo <\(preset.uri)> ;\n  rdfs:seeAlso <\(file)> .\n"
  }

  private static func text(of preset: LV2Preset, label: String, file: String) -> String {
    // Ports are floats; in single precision 0.1 is written as 0.1.
    let ports = preset.ports.map {
      "[\n    lv2:symbol \"\($0.symbol)\" ;\n    pset:value \(Float($0.value))\n  ]"
    }
    return prefixes + "\n<\(file)>\n  a pset:Preset ;\n  lv2:appliesTo <\(preset.uri)> ;\n"
      + "  rdfs:label \(literal(label)) ;\n  lv2:port " + ports.joined(separator: " , ") + " .\n"
  }

  /// A string of Turtle, by its grammar (W3C Recommendation of 25 February 2014, section 6.4).
  static func literal(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\r": "\\r"
      case "\t": "\\t"
      case "\u{0}"..."\u{1F}", "\u{7F}": String(format: "\\u%04X", scalar.value)
      default: String(scalar)
      }
    }
    return "\"" + escaped.joined() + "\""
  }
}
