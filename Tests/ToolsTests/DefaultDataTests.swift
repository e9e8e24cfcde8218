import FXParams
import Foundation
import PresetStore
import TestSupport
import Testing

/// The committed preset file against the table that it is made from.
@Suite("Data that comes with the package")
struct DefaultDataTests {
  @Test func presetFileIsTheImportOfTheTable() throws {
    let chain = try ChainDescription(yaml: String(contentsOf: DefaultData.file("chain.yaml"), encoding: .utf8))
    let fresh = try CSVImport.read(DefaultData.file("presets.csv").path, chain: chain)
    let stored = try PresetFile.read(DefaultData.file("presets.h5").path)
    #expect(stored.theta == fresh.theta)
    #expect(stored.labels == fresh.labels)
    #expect(stored.groups == fresh.groups)
    #expect(stored.chain == .diffVox)
    #expect(stored.count == 360)
  }

  @Test func provenanceNamesNoMachine() throws {
    let provenance = try Provenance(ofFile: DefaultData.file("presets.h5").path)
    #expect(provenance.command.hasPrefix("priorkit import csv data/presets.csv --chain data/chain.yaml"))
    #expect(provenance.inputs.map(\.path) == ["data/presets.csv", "data/chain.yaml"])
    for input in provenance.inputs {
      let name = URL(fileURLWithPath: input.path).lastPathComponent
      #expect(try Provenance.sha256(ofFile: DefaultData.file(name).path) == input.sha256, "run `make data`")
    }
  }

  /// Values of six digits give themselves back.
  @Test func importTakesAndExportGivesTheSameNumbers() throws {
    let workspace = try Workspace()
    let table = DefaultData.file("presets.csv").path
    let chain = DefaultData.file("chain.yaml").path
    #expect(try workspace.run(["import", "csv", table, "--chain", chain, "-o", "p.h5", "-q"]).exitCode == 0)
    #expect(try workspace.run(["export", "p.h5", "-o", "p.csv", "-q"]).exitCode == 0)
    func cells(_ text: String) -> [[Substring]] {
      text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }
    let original = cells(try String(contentsOfFile: table, encoding: .utf8))
    let exported = cells(try workspace.text("p.csv"))
    try #require(original.count == exported.count && original.first == exported.first)
    for (before, after) in zip(original, exported).dropFirst() {
      #expect(before.prefix(2) == after.prefix(2))
      for (one, other) in zip(before.dropFirst(2), after.dropFirst(2)) {
        let (value, again) = (try #require(Double(one)), try #require(Double(other)))
        #expect(abs(again - value) <= 1e-11 * max(1, abs(value)))
      }
    }
  }
}
