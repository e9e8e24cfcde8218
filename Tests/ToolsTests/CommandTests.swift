import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import Testing

@Suite("Commands on presets and priors")
struct CommandTests {
  // MARK: A folder with presets

  /// Runs `body` in a new folder that holds `presets.h5`: forty presets of a one-band equaliser.
  func withPresets(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let band = BiquadBand(name: "bell", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20))
    let chain = ChainDescription(series: [.biquad(band)], sends: [], hasCrossSends: false, hasDirectPan: false)
    var source = RandomSource(seed: 3)
    let theta = Matrix(rows: 40, columns: 3, values: (0..<120).map { _ in source.nextNormal() })
    try PresetFile.write(
      PresetCollection(chain: chain, theta: theta), to: folder.appendingPathComponent("presets.h5").path,
      provenance: Provenance(arguments: ["test"]), overwrite: false)
    try body(folder)
  }

  // MARK: Fit, sample, score

  @Test func presetsBecomeAPriorAndThePriorPresets() throws {
    try withPresets { folder in
      #expect(try runTool(["fit", "presets.h5", "-o", "prior.h5"], folder: folder).exitCode == 0)
      for name in ["a.h5", "b.h5"] {
        let sampled = try runTool(
          ["sample", "prior.h5", "--count", "3", "--seed", "7", "-o", name], folder: folder)
        #expect(sampled.exitCode == 0)
      }
      let first = try PresetFile.read(folder.appendingPathComponent("a.h5").path)
      #expect(first.count == 3)
      #expect(first.theta == (try PresetFile.read(folder.appendingPathComponent("b.h5").path)).theta)
      let provenance = try Provenance(ofFile: folder.appendingPathComponent("a.h5").path)
      #expect(provenance.command == "priorkit sample prior.h5 --count 3 --seed 7 -o a.h5")
      #expect(provenance.seed == 7)
    }
  }

  @Test func scoresAreLogDensitiesOfThePrior() throws {
    try withPresets { folder in
      _ = try runTool(["fit", "presets.h5", "-o", "prior.h5"], folder: folder)
      let result = try runTool(["score", "prior.h5", "presets.h5"], folder: folder)
      let lines = result.standardOutput.split(separator: "\n")
      #expect(lines.first == "label,log_density,mahalanobis")
      #expect(lines.count == 41)
      let prior = try PriorFile.read(folder.appendingPathComponent("prior.h5").path)
      let presets = try PresetFile.read(folder.appendingPathComponent("presets.h5").path)
      let expected = prior.logDensities(ofRows: presets.theta)
      for (index, line) in lines.dropFirst().enumerated() {
        let cells = line.split(separator: ",")
        // Two processes may solve with the kernels of different processors: some rounding errors of a
        // well-conditioned density in three dimensions. That texts hold every bit is tested where they are made.
        let found = try #require(Double(cells[1]))
        #expect((found - expected[index]).magnitude <= 1e-13 * (1 + expected[index].magnitude))
      }
    }
  }

  // MARK: Streams

  @Test func quietSilencesMessagesButNotErrors() throws {
    try withPresets { folder in
      let loud = try runTool(["fit", "presets.h5", "-o", "prior.h5"], folder: folder)
      #expect(loud.standardOutput.isEmpty)
      #expect(loud.standardError.hasPrefix("prior.h5: "))
      let quiet = try runTool(["fit", "presets.h5", "-o", "other.h5", "--quiet"], folder: folder)
      #expect(quiet.exitCode == 0)
      #expect(quiet.standardError.isEmpty)
      let refused = try runTool(["fit", "presets.h5", "-o", "other.h5", "--quiet"], folder: folder)
      #expect(refused.exitCode == 1)
      #expect(refused.standardError.hasPrefix("priorkit: error: "))
      #expect(refused.standardError.filter(\.isNewline).count == 1)
      #expect(refused.standardError.contains("--force"))
      #expect(
        try runTool(["fit", "presets.h5", "-o", "other.h5", "-q", "--force"], folder: folder).exitCode == 0)
    }
  }

  @Test(
    arguments: [
      ["fit", "absent.h5", "-o", "prior.h5"], ["show", "absent.h5"], ["score", "presets.h5", "presets.h5"],
      ["export", "absent.h5", "-o", "out.csv"], ["import", "diffvox", "absent", "-o", "out.h5"],
    ])
  func badInputsAreOneSentence(arguments: [String]) throws {
    try withPresets { folder in
      let result = try runTool(arguments, folder: folder)
      #expect(result.exitCode == 1)
      #expect(result.standardOutput.isEmpty)
      #expect(result.standardError.hasPrefix("priorkit: error: "))
      #expect(result.standardError.filter(\.isNewline).count == 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["presets.h5"])
    }
  }

  @Test(
    arguments: [
      ["sample", "prior.h5", "--count", "0", "-o", "out.h5"], ["export", "presets.h5", "-o", "out.txt"],
      ["sample", "prior.h5", "--threads", "0", "-o", "out.h5"], ["fit", "presets.h5"],
      ["sample", "prior.h5", "-o", "out.h5", "--audition", "dry.wav"],
    ])
  func impossibleArgumentsAreUsageErrors(arguments: [String]) throws {
    #expect(try runTool(arguments).exitCode == 64)
  }

  // MARK: Show

  @Test func showPrintsJSONWithTheParameters() throws {
    try withPresets { folder in
      let result = try runTool(["show", "presets.h5", "--json"], folder: folder)
      let object = try JSONSerialization.jsonObject(with: Data(result.standardOutput.utf8)) as? [String: Any]
      #expect(object?["count"] as? Int == 40)
      #expect((object?["parameters"] as? [[String: Any]])?.first?["name"] as? String == "bell.gain")
    }
  }
}
