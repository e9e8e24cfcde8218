import AudioFiles
import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite("priorkit render, and the audio that commands take")
struct RenderTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.storeVoice(seconds: 1)
    return workspace
  }

  private func render(_ workspace: Workspace, _ dry: String, _ wet: String, _ more: String...) throws -> ToolResult
  {
    try workspace.succeed(["render", "presets.h5", "--row", "40", dry, "-o", wet] + more)
  }

  @Test func outputIsFloatStereoAsLongAsTheInput() throws {
    let workspace = try workspace()
    let result = try render(workspace, "dry.wav", "wet.wav")
    #expect(result.standardOutput.isEmpty)
    #expect(result.standardError.contains("wet.wav: dry.wav through pop-lead-11"))
    let reader = try AudioReader(path: workspace.path("wet.wav"))
    #expect(reader.channelCount == 2 && reader.frameCount == 44_100 && reader.sampleRate == 44_100)
    #expect(reader.encoding == "32 bit float")
    #expect(try reader.readAll().peak > 0.01)
  }

  @Test func threadsDoNotChangeTheOutput() throws {
    let workspace = try workspace()
    _ = try render(workspace, "dry.wav", "one.wav", "--threads", "1")
    _ = try render(workspace, "dry.wav", "two.wav", "--threads", "2")
    #expect(try workspace.audio("one.wav") == workspace.audio("two.wav"))
  }

  @Test func stereoInputIsAveragedWithAMessage() throws {
    let workspace = try workspace()
    let dry = try workspace.audio("dry.wav").channels[0]
    // 1.5 x and 0.5 x: the mean is x, exactly.
    let stereo = AudioBuffer(channels: [dry.map { 1.5 * $0 }, dry.map { 0.5 * $0 }], sampleRate: 44_100)
    try workspace.store(stereo, as: "stereo.wav")
    let result = try render(workspace, "stereo.wav", "a.wav")
    #expect(result.standardError.contains("stereo.wav: 2 channels averaged to mono."))
    _ = try render(workspace, "dry.wav", "b.wav")
    let (averaged, mono) = (try workspace.audio("a.wav"), try workspace.audio("b.wav"))
    #expect(zip(averaged.channels[0], mono.channels[0]).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func otherRatesAreResampledWithAMessage() throws {
    let workspace = try workspace()
    let faster = try workspace.audio("dry.wav").resampled(to: 48_000, source: "dry.wav")
    try workspace.store(faster, as: "48k.wav")
    let result = try render(workspace, "48k.wav", "wet.wav")
    #expect(result.standardError.contains("48k.wav: resampled from 48000 Hz to 44100 Hz."))
    _ = try render(workspace, "dry.wav", "direct.wav")
    let (found, expected) = (try workspace.audio("wet.wav"), try workspace.audio("direct.wav"))
    #expect(found.sampleRate == 44_100 && abs(found.frameCount - expected.frameCount) <= 1)
    // Two conversions lose the top of the band and the ends; the middle agrees.
    let middle = 10_000..<30_000
    let error = middle.reduce(Float(0)) { max($0, abs(found.channels[0][$1] - expected.channels[0][$1])) }
    #expect(error < 0.02 * expected.peak)
  }

  @Test(arguments: [WaveFile.Encoding.unsigned8, .signed16, .signed24, .signed32, .float64])
  func everyWaveWidthIsTaken(encoding: WaveFile.Encoding) throws {
    let workspace = try workspace()
    let samples = try workspace.audio("dry.wav").channels[0].map { (Double($0) * 64).rounded() / 64 }
    try workspace.store(WaveFile(encoding: encoding, samples: samples).bytes, as: "coded.wav")
    try workspace.store(WaveFile(encoding: .float32, samples: samples).bytes, as: "float.wav")
    _ = try render(workspace, "coded.wav", "a.wav")
    _ = try render(workspace, "float.wav", "b.wav")
    #expect(try workspace.audio("a.wav") == workspace.audio("b.wav"))
  }

  @Test func flacIsTaken() throws {
    let workspace = try workspace()
    let samples = try workspace.audio("dry.wav").channels[0].map { ($0 * 0x1p15).rounded() / 0x1p15 }
    let audio = AudioBuffer(channels: [samples], sampleRate: 44_100)
    try AudioWriter.write(audio, path: workspace.path("dry.flac"), format: .flac24)
    try workspace.store(audio, as: "same.wav")
    _ = try render(workspace, "dry.flac", "a.wav")
    _ = try render(workspace, "same.wav", "b.wav")
    #expect(try workspace.audio("a.wav") == workspace.audio("b.wav"))
  }

  // MARK: - Auditions and distances

  @Test func auditionRendersEverySample() throws {
    let workspace = try workspace()
    try workspace.succeed([
      "sample", "prior.h5", "--count", "2", "--seed", "1", "-o", "s.h5", "--audition", "dry.wav", "--directory",
      "a/b",
    ])
    let names = try FileManager.default.contentsOfDirectory(atPath: workspace.path("a/b")).sorted()
    #expect(names == ["index.html", "sample-1.wav", "sample-2.wav"])
    try workspace.succeed(["render", "s.h5", "--row", "1", "dry.wav", "-o", "two.wav"])
    #expect(try workspace.audio("a/b/sample-2.wav") == workspace.audio("two.wav"))
  }

  @Test func meanOfThePriorIsAPreset() throws {
    let workspace = try workspace()
    try workspace.succeed(["sample", "prior.h5", "--mean", "-o", "mean.h5"])
    let mean = try PresetFile.read(workspace.path("mean.h5"))
    #expect(mean.theta.row(0) == (try PriorFile.read(workspace.path("prior.h5"))).mean)
    #expect(mean.labels == ["mean"])
  }

  @Test func distanceIsZeroToItselfAndGrows() throws {
    let workspace = try workspace()
    _ = try render(workspace, "dry.wav", "wet.wav")
    let result = try workspace.succeed(["distance", "wet.wav", "wet.wav", "reference.wav", "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(result.standardOutput.utf8)) as? [String: Any]
    let entries = try #require(object?["recordings"] as? [[String: Any]])
    for key in ["spectral_left_right", "spectral_mid_side", "dynamic_range_left_right", "dynamic_range_mid_side"] {
      #expect(entries[0][key] as? Double == 0, "\(key)")
      #expect((entries[1][key] as? Double).map { $0 > 0.01 } == true, "\(key)")
    }
    try workspace.expectFailure(["distance", "reference.wav", "dry.wav"], "dry.wav", "1 channel", "stereo")
  }

  @Test func presetDistanceIsTheMeanSquareOfLogits() throws {
    let workspace = try workspace()
    try workspace.succeed(["sample", "prior.h5", "--mean", "-o", "mean.h5"])
    let result = try workspace.succeed(["distance", "presets.h5", "--row", "3", "mean.h5", "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(result.standardOutput.utf8)) as? [String: Any]
    let found = (object?["presets"] as? [[String: Any]])?.first?["parameter_mean_squared_error"] as? Double
    let mean = try PriorFile.read(workspace.path("prior.h5")).mean
    let row = try PresetFile.read(workspace.path("presets.h5")).theta.row(3)
    let expected = zip(mean, row).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 130
    #expect(found.map { abs($0 - expected) < 1e-12 } == true)
    try workspace.storeSmallPresets()
    try workspace.expectFailure(["distance", "presets.h5", "small.h5"], "small.h5", "different chains")
  }
}
