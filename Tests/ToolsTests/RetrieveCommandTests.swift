import AudioFiles
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// `priorkit retrieve` and `priorkit collect`.
@Suite("priorkit retrieve")
struct RetrieveCommandTests {
  /// A bell and an echo: a second of audio takes a moment.
  private static let chain = """
    priorkit_chain: 1
    sample_rate: 44100
    cross_sends: false
    direct_pan: true
    series:
    - effect: peak
      name: bell
      frequency_hz: [33, 5400]
      q: [0.2, 20]
    sends:
    - effect: ping_pong_delay
      name: delay
      time_ms: [40, 120]
      response_seconds: 0.5
      lowpass_frequency_hz: [200, 16000]
      lowpass_q: [0.5, 2]
    """

  /// A voice, and the same with a later copy on the right.
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    let samples = try AudioReader.read(path: DefaultData.file("dry-vocal.flac").path).channels[0]
    let voice = Array(samples[44_100..<88_200])
    let later = [Float](repeating: 0, count: 3000) + voice.dropLast(3000).map { 0.4 * $0 }
    let right = zip(voice, later).map { 0.8 * $0 + $1 }
    for (name, channels) in [("dry.wav", [voice]), ("wet.wav", [voice, right])] {
      try AudioWriter.write(
        AudioBuffer(channels: channels, sampleRate: 44_100), path: workspace.path(name), format: .waveFloat32)
    }
    try workspace.store(Self.chain.utf8, as: "chain.yaml")
    return workspace
  }

  private func arguments(_ more: String..., steps: Int = 6) -> [String] {
    ["retrieve", "--chain", "chain.yaml", "--steps", "\(steps)"] + more
  }

  private let pair = ["--dry", "dry.wav", "--wet", "wet.wav"]

  @Test func folderAndTableSayWhatWasFound() throws {
    let workspace = try workspace()
    let result = try workspace.succeed(arguments() + pair + ["-o", "out", "--group", "song"])
    #expect(result.standardError.contains("later than dry.wav"))
    for metric in ["MSS l/r", "MSS m/s", "MLDR l/r", "MLDR m/s", "loss"] {
      #expect(result.standardOutput.contains(metric))
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: workspace.path("out")).sorted()
    #expect(names == ["dry.wav", "preset.h5", "preset.json", "reference.wav", "trace.h5", "wet.wav"])
    let preset = try PresetFile.read(workspace.path("out/preset.h5"))
    #expect(preset.count == 1 && preset.labels == ["out"] && preset.groups == ["song"])
    let trace = try workspace.open("out/trace.h5")
    #expect(try trace.shape(of: "/theta") == [7, preset.dimension])
    #expect(try trace.shape(of: "/log_likelihood") == [6])

    let report = try Report(workspace.text("out/preset.json"))
    #expect(report.text("name") == "out" && abs(report.number("lag_samples")) < 3)
    #expect(report.number("correlation") > 0.5)
    #expect(report.part("inputs").keys.sorted() == ["chain.yaml", "dry.wav", "wet.wav"])
    for name in ["before", "after"] { #expect(report.part(name).count == 4) }
    func distance(_ name: String) -> Double { report.part(name)["spectral_left_right"] as? Double ?? .nan }
    #expect(distance("after") < distance("before"))
    // The rendering is as long as the two others, and nothing is replaced unasked.
    for name in ["dry.wav", "reference.wav", "wet.wav"] {
      #expect(try AudioReader(path: workspace.path("out/" + name)).frameCount > 44_000)
    }
    try workspace.expectFailure(arguments() + pair + ["-o", "out"], "out/dry.wav", "--force")
    try workspace.succeed(arguments() + pair + ["-o", "out", "--force", "--json"])
  }

  /// preset.json by its documented keys.
  private struct Report {
    private let content: [String: Any]

    init(_ text: String) throws {
      content = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    func text(_ key: String) -> String? { content[key] as? String }
    func number(_ key: String) -> Double { content[key] as? Double ?? .nan }
    func list(_ key: String) -> [Double] { content[key] as? [Double] ?? [] }
    func part(_ key: String) -> [String: Any] { content[key] as? [String: Any] ?? [:] }
  }

  /// A list with a pair that cannot be used: the others follow, `collect` lists it, and nothing is done twice.
  @Test func listsGoOnAfterAFailure() throws {
    let workspace = try workspace()
    try workspace.store(
      "name,dry,wet,group\na,dry.wav,wet.wav,s\nb,dry.wav,dry.wav,s\nc,dry.wav,wet.wav,t\n".utf8, as: "pairs.csv")
    let first = try workspace.succeed(arguments("--list", "pairs.csv", "--shard", "1/2", "-o", "all"))
    #expect(first.standardOutput.contains("a ") && first.standardOutput.contains("c "))
    let report = try workspace.text("all/a/preset.json")
    let failed = try workspace.run(arguments("--list", "pairs.csv", "--shard", "2/2", "-o", "all"))
    #expect(failed.exitCode == 1 && failed.standardError.contains("1 of 1 pairs have no preset"))
    #expect(try workspace.text("all/b/failure.json").contains("dry.wav"))
    try workspace.expectFailure(
      arguments("--list", "pairs.csv", "--shard", "1/2", "-o", "all"), "all/a/dry.wav", "--force")
    let again = try workspace.succeed(arguments("--list", "pairs.csv", "--shard", "1/2", "-o", "all", "--resume"))
    #expect(again.standardOutput == first.standardOutput)
    #expect(try workspace.text("all/a/preset.json") == report)

    let collected = try workspace.succeed(
      ["collect", "all", "--selection", "all", "-o", "presets.h5", "--audio-list", "list.csv"])
    #expect(collected.standardOutput.contains("refused") && collected.standardOutput.contains("terminated"))
    let presets = try PresetFile.read(workspace.path("presets.h5"))
    #expect(presets.labels == ["a", "c"] && presets.groups == ["s", "t"])
    #expect(try workspace.text("list.csv") == "label,file\na,wet.wav\nc,wet.wav\n")
    // What follows reads it.
    try workspace.succeed(["describe", "presets.h5"])
    try workspace.succeed(
      ["features", "presets.h5", "--audio-list", "list.csv", "--wet", "--encoder", "mfcc", "-o", "f.h5"])
  }

  /// A prior gives coordinates, a start and a term; presets give a start.
  @Test func priorsAreStartsCoordinatesAndTerms() throws {
    let workspace = try workspace()
    try workspace.succeed(arguments(steps: 30) + pair + ["-o", "out"])
    try workspace.succeed(arguments("--start", "out/preset.h5") + pair + ["-o", "near"])
    let (found, near) = (try report("out", workspace), try report("near", workspace))
    #expect(near.number("loss") <= found.number("loss") + 1e-3)
    let preset = try PresetFile.read(workspace.path("out/preset.h5"))
    let prior = try Prior(
      chain: preset.chain, mean: Array(preset.theta.row(0)), covariance: .identity(preset.dimension))
    try PriorFile.write(
      prior, to: workspace.path("prior.h5"), provenance: Provenance(arguments: ["test"]), overwrite: false)
    let held = ["retrieve", "--prior", "prior.h5", "--start", "prior", "--alpha", "1000", "--echoes", "0"]
    try workspace.succeed(held + ["--steps", "4"] + pair + ["-o", "held"])
    let distance = zip(
      try PresetFile.read(workspace.path("held/preset.h5")).theta.row(0), preset.theta.row(0)
    ).map { abs($0 - $1) }.max()
    #expect(try #require(distance) < 0.1)
    try workspace.succeed(arguments("--optimiser", "adam", steps: 2) + pair + ["-o", "adam"])
    try workspace.expectFailure(arguments("--start", "chain.yaml") + pair + ["-o", "no"], "chain.yaml")
    try workspace.expectFailure(
      ["retrieve", "--prior", "prior.h5", "--given-audio", "wet.wav"] + pair + ["-o", "no"], "not conditional")
  }

  private func report(_ folder: String, _ workspace: Workspace) throws -> Report {
    try Report(workspace.text(folder + "/preset.json"))
  }

  /// What was begun with other options is not gone on with, what is read is not replaced, and a result that another
  /// run was to replace is not taken for that run's.
  @Test func resumingIsOfTheSameWork() throws {
    let workspace = try workspace()
    try workspace.expectFailure(arguments("--resume") + pair + ["-o", "out"], "out/state.h5")
    try workspace.succeed(arguments() + pair + ["-o", "out"])
    try workspace.succeed(arguments("--resume") + pair + ["-o", "out"])
    try workspace.expectFailure(arguments("--resume", steps: 7) + pair + ["-o", "out"], "out", "--force")
    try workspace.expectFailure(arguments("--force") + pair + ["-o", "."], "./dry.wav", "another folder")
    try workspace.store("name,dry,wet\nout,dry.wav,wet.wav\n".utf8, as: "pairs.csv")
    try workspace.expectFailure(
      arguments("--list", "pairs.csv", "--resume", steps: 7) + ["-o", "."], "out", "--force")
    // A failure after a success counts.
    try workspace.store("{\"reason\": \"lost\"}".utf8, as: "out/failure.json")
    let collected = try workspace.run(["collect", "out", "--selection", "all", "-o", "p.h5"])
    #expect(collected.exitCode == 1 && collected.standardOutput.contains("terminated: lost"))
  }

  /// Standard errors are added to what is there, and a fit takes them out.
  @Test func errorsAreMeasuredAndTakenOut() throws {
    let workspace = try workspace()
    try workspace.store("name,dry,wet\na,dry.wav,wet.wav\nb,dry.wav,wet.wav\n".utf8, as: "pairs.csv")
    let list = arguments("--list", "pairs.csv", "-o", "all")
    try workspace.succeed(list)
    let before = try PresetFile.read(workspace.path("all/a/preset.h5")).theta
    try workspace.succeed(list + ["--resume", "--standard-errors"])
    #expect(try PresetFile.read(workspace.path("all/a/preset.h5")).theta == before)
    let report = try Report(workspace.text("all/a/preset.json"))
    let errors = report.list("standard_errors")
    #expect(errors.count == before.columns && errors.allSatisfy { $0 > 0 })
    #expect(report.list("determined").allSatisfy { (0...1).contains($0) })
    let single = try workspace.succeed(arguments("--standard-errors") + pair + ["-o", "one"])
    #expect(single.standardOutput.contains("The recording determines"))
    #expect(single.standardOutput.contains("bell") && single.standardOutput.contains("delay"))

    try workspace.succeed(["collect", "all", "one", "--selection", "all", "-o", "presets.h5"])
    let file = try workspace.open("presets.h5")
    #expect(try file.shape(of: "/information") == [3, before.columns, before.columns])
    for (stored, told) in zip(try file.doubles("/standard_errors").values, errors) {
      #expect(abs(stored - told) < 1e-9 * told)
    }
    #expect(try file.shape(of: "/retrieval_loss") == [3])
    #expect(try file.strings("/retrieval_status").count == 3)
    let shown = try workspace.succeed(["show", "presets.h5"]).standardOutput
    #expect(shown.contains("0 retrievals are left out") && shown.contains("error / spread"))
    try workspace.succeed(["export", "presets.h5", "-o", "presets.npz"])
    let archive = try Data(contentsOf: URL(fileURLWithPath: workspace.path("presets.npz")))
    for name in ["standard_errors.npy", "information.npy", "widths.npy", "retrieval_loss.npy"] {
      #expect(archive.range(of: Data(name.utf8)) != nil, "\(name)")
    }
    for family in ["widened-blocks", "deconvolved-blocks"] {
      let fitted = try workspace.succeed(["fit", "presets.h5", "--family", family, "-o", family + ".h5"])
      #expect(fitted.standardError.contains(family))
    }
    try workspace.succeed(["canonicalise", "presets.h5", "-o", "canonical.h5"])
    #expect(try PresetFile.read(workspace.path("canonical.h5")).information?.matrices.count == 3)
    try workspace.expectFailure(
      ["fit", DefaultData.file("presets.h5").path, "--family", "deconvolved-blocks", "-o", "no.h5"],
      "standard errors", "retrieve --standard-errors")
  }

  @Test func wrongUsageIsSaid() throws {
    let workspace = try workspace()
    for (options, word) in [
      (["--dry", "dry.wav"], "--wet"), (["--list", "a.csv", "--dry", "dry.wav"], "--list"),
      (pair + ["--alpha", "0.1"], "--prior"), (pair + ["--start", "prior"], "--prior"),
      (pair + ["--shard", "1/2"], "--shard"), (pair + ["--given-audio", "wet.wav"], "--prior"),
      (pair + ["--optimiser", "adam", "--echoes", "2"], "--echoes"),
      (pair + ["--chunk-seconds", "3"], "--warm-up-seconds"),
      (["--list", "a.csv", "--name", "x"], "--name"),
    ] {
      let result = try workspace.run(["retrieve"] + options + ["-o", "out"])
      #expect(result.exitCode == 64 && result.standardError.contains(word), "\(options): \(result.standardError)")
    }
    try workspace.expectFailure(arguments("--dry", "none.wav", "--wet", "wet.wav", "-o", "out"), "none.wav")
    try workspace.expectFailure(
      arguments("--chunk-seconds", "0.5", "--warm-up-seconds", "0.48") + pair + ["-o", "out"], "wet.wav", "1025")
    try workspace.expectFailure(arguments("--list", "none.csv", "-o", "out"), "none.csv")
    try workspace.expectFailure(["collect", "nowhere", "-o", "p.h5"], "nowhere", "retrieve")
  }
}
