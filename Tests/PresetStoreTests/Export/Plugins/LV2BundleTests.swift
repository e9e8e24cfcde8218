import FXParams
import Foundation
import PresetStore
import TestSupport
import Testing

@Suite struct LV2BundleTests {
  private func preset() -> LV2Preset {
    var preset = LV2Preset(role: "equaliser", plugin: "The plugin", uri: "http://example.org/eq#mono")
    preset.set("on", 1)
    preset.set("gain", -6, in: -18...18, .decibel, of: "peak.gain")
    preset.set("factor", -6, in: -36...36, .decibel, of: "peak.gain", as: .factor)
    preset.set("q", 20, in: 0.0625...4, .one, of: "peak.q")
    preset.set("tiny", 0.00001)
    return preset
  }

  private func files(_ name: String) throws -> [String: String] {
    let bundle = LV2Bundle(entries: [.init(name: name, presets: [preset()])], limits: ["It has no reverb."])
    return Dictionary(
      uniqueKeysWithValues: try bundle.files().map { ($0.name, String(decoding: $0.content, as: UTF8.self)) })
  }

  @Test func valuesOutOfRangeAreToldAndClamped() {
    let preset = preset()
    #expect(preset.value(of: "gain") == -6)
    // Half a bit of a double.
    #expect(abs((preset.value(of: "factor") ?? 0) - 0.501_187_233_627_272_3) < 1e-15)
    #expect(preset.value(of: "q") == 4)
    #expect(preset.range.sentences == ["peak.q is 20, but The plugin takes 0.0625 to 4: it is 4 there."])
    var infinite = preset
    infinite.set("low", -.infinity, in: -60...0, .decibel, of: "level", as: .factor)
    #expect(abs((infinite.value(of: "low") ?? 0) - 0.001) < 1e-18)
    #expect(infinite.range.sentences.last?.contains("-inf dB") == true)
  }

  @Test func filesAreTurtleWithTheStatements() throws {
    let name = "a \"b\" \\ é\n\u{7}"
    let files = try files(name)
    #expect(Set(files.keys) == ["manifest.ttl", "preset-0-1.ttl", "LIMITS.txt"])
    let manifest = try TurtleReader.statements(of: try #require(files["manifest.ttl"]))
    let type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    let (lv2, pset) = ("http://lv2plug.in/ns/lv2core#", "http://lv2plug.in/ns/ext/presets#")
    let schema = "http://www.w3.org/2000/01/rdf-schema#"
    #expect(
      manifest == [
        ["preset-0-1.ttl", type, pset + "Preset"],
        ["preset-0-1.ttl", lv2 + "appliesTo", "http://example.org/eq#mono"],
        ["preset-0-1.ttl", schema + "seeAlso", "preset-0-1.ttl"],
      ])
    let preset = try TurtleReader.statements(of: try #require(files["preset-0-1.ttl"]))
    #expect(preset.contains(["preset-0-1.ttl", schema + "label", "\(name): equaliser"]))
    func value(_ symbol: String) -> String? {
      let node = preset.first { $0[1] == lv2 + "symbol" && $0[2] == symbol }?[0]
      return preset.first { $0[0] == node && $0[1] == pset + "value" }?[2]
    }
    #expect(preset.count { $0[1] == lv2 + "port" } == 5)
    #expect(value("on") == "1.0" && value("gain") == "-6.0" && value("q") == "4.0" && value("tiny") == "1e-05")
    // In single precision.
    #expect(value("factor") == "0.5011872")
    #expect(files["LIMITS.txt"]?.hasPrefix("It has no reverb.\n") == true)
    #expect(files["LIMITS.txt"]?.contains("peak.q is 20") == true)
  }
}

/// A strict reader of the part of Turtle that presets need: prefixes, statements, blank nodes, strings and numbers.
private struct TurtleReader {
  struct Malformed: Error { let rest: String }

  /// Subject, predicate and object, IRIs in full; blank nodes are called _:0 and so on.
  static func statements(of text: String) throws -> [[String]] {
    var reader = TurtleReader(rest: text[...])
    try reader.read()
    return reader.statements
  }

  private var rest: Substring
  private var prefixes: [String: String] = [:]
  private var statements: [[String]] = []
  private var blanks = 0

  private init(rest: Substring) { self.rest = rest }

  private mutating func skip() {
    while let first = rest.first, first.isWhitespace || first == "#" {
      if first == "#" { rest = rest.drop { !$0.isNewline } } else { rest.removeFirst() }
    }
  }

  private mutating func take(_ token: String) -> Bool {
    skip()
    guard rest.hasPrefix(token) else { return false }
    rest.removeFirst(token.count)
    return true
  }

  private mutating func require(_ token: String) throws {
    guard take(token) else { throw Malformed(rest: String(rest.prefix(40))) }
  }

  private mutating func read() throws {
    while true {
      skip()
      if rest.isEmpty { return }
      if take("@prefix") {
        skip()
        let name = String(rest.prefix { $0 != ":" })
        rest = rest.dropFirst(name.count)
        try require(":")
        prefixes[name] = try iri()
      } else {
        try predicates(of: try iri())
      }
      try require(".")
    }
  }

  private mutating func iri() throws -> String {
    skip()
    if rest.first == "<" {
      let end = try #require(rest.firstIndex(of: ">"))
      let content = rest[rest.index(after: rest.startIndex)..<end]
      guard !content.contains(where: { $0.isWhitespace || "<\"{}|^`\\".contains($0) }) else {
        throw Malformed(rest: String(content))
      }
      rest = rest[rest.index(after: end)...]
      return String(content)
    }
    let match = try #require(rest.prefixMatch(of: /([a-z0-9]+):([A-Za-z]+)/))
    rest = rest[match.range.upperBound...]
    return try #require(prefixes[String(match.1)]) + match.2
  }

  private mutating func predicates(of subject: String) throws {
    repeat {
      skip()
      let isType = rest.hasPrefix("a ")
      if isType { rest.removeFirst() }
      let predicate = isType ? "http://www.w3.org/1999/02/22-rdf-syntax-ns#type" : try iri()
      repeat { statements.append([subject, predicate, try object()]) } while take(",")
    } while take(";")
  }

  private mutating func object() throws -> String {
    skip()
    if take("[") {
      let node = "_:\(blanks)"
      blanks += 1
      try predicates(of: node)
      try require("]")
      return node
    }
    if rest.first == "\"" {
      // JSON has the escapes that are used here.
      let match = try #require(rest.prefixMatch(of: /"([^"\\\n\r]|\\[tnr"\\]|\\u[0-9A-F]{4})*"/))
      rest = rest[match.range.upperBound...]
      return try JSONDecoder().decode([String].self, from: Data("[\(match.0)]".utf8))[0]
    }
    if let match = rest.prefixMatch(of: /[+-]?[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[+-]?[0-9]+[eE][+-]?[0-9]+/) {
      rest = rest[match.range.upperBound...]
      return String(match.0)
    }
    return try iri()
  }
}
