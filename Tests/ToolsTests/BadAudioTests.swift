import AudioFiles
import Foundation
import TestSupport
import Testing

/// Audio that cannot be used, given to every command that reads audio.
@Suite("Bad audio")
struct BadAudioTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.storeVoice()
    return workspace
  }

  private func transfer(reference: String = "reference.wav", input: String = "dry.wav") -> [String] {
    [
      "transfer", "--prior", "prior.h5", "--steps", "1", "--reference", reference, "--dry", input, "-o",
      "out/deep",
    ]
  }

  private func objective(reference: String = "reference.wav", input: String = "dry.wav") -> [String] {
    [
      "objective", "--prior", "prior.h5", "--presets", "presets.h5", "--reference", reference, "--dry", input,
      "-o", "o.h5",
    ]
  }

  private func posterior(reference: String = "reference.wav", input: String = "dry.wav") -> [String] {
    [
      "posterior", "--prior", "prior.h5", "--draws", "1", "--reference", reference, "--dry", input, "-o", "p.nc",
    ]
  }

  private func render(_ dry: String) -> [String] { ["render", "presets.h5", dry, "-o", "wet.wav"] }

  private func audition(_ dry: String) -> [String] {
    ["sample", "prior.h5", "--count", "1", "-o", "s.h5", "--audition", dry, "--directory", "renderings"]
  }

  /// A file that no command can read, in any place of audio.
  private func expectRefused(
    _ name: String, _ words: String, in workspace: Workspace, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let commands = [
      transfer(input: name), transfer(reference: name), objective(input: name), objective(reference: name),
      posterior(input: name), posterior(reference: name),
      render(name), audition(name),
    ]
    for command in commands {
      try workspace.expectFailure(command, name, words, sourceLocation: sourceLocation)
    }
  }

  @Test func missing() throws { try expectRefused("absent.wav", "no file", in: workspace()) }

  @Test func notAudio() throws {
    let workspace = try workspace()
    try workspace.store("not a recording".utf8, as: "note.wav")
    try expectRefused("note.wav", "not an audio file", in: workspace)
    try expectRefused("presets.h5", "not an audio file", in: workspace)
  }

  @Test func noFrames() throws {
    let workspace = try workspace()
    try workspace.store(WaveFile(encoding: .signed16, channelCount: 2, samples: []).bytes, as: "short.wav")
    try workspace.store([], as: "nothing.wav")
    try expectRefused("short.wav", "no audio frames", in: workspace)
    try expectRefused("nothing.wav", "no audio frames", in: workspace)
  }

  @Test(arguments: [Double.nan, .infinity]) func notFinite(value: Double) throws {
    let workspace = try workspace()
    var samples = [Double](repeating: 0.1, count: 100_000)
    samples[70_001] = value
    try workspace.store(WaveFile(encoding: .float32, channelCount: 2, samples: samples).bytes, as: "nan.wav")
    try expectRefused("nan.wav", "\(Float(value)) at frame 35000 of channel 1", in: workspace)
  }

  @Test func truncated() throws {
    let workspace = try workspace()
    let samples = [Double](repeating: 0.25, count: 60_000)
    let bytes = WaveFile(encoding: .signed24, channelCount: 2, samples: samples).bytes
    try workspace.store(bytes.prefix(bytes.count / 2), as: "cut.wav")
    try expectRefused("cut.wav", "truncated", in: workspace)
  }

  @Test func silent() throws {
    let workspace = try workspace()
    let silence = AudioBuffer(
      channels: Array(repeating: [Float](repeating: 0, count: 66_150), count: 2), sampleRate: 44_100)
    try workspace.store(silence, as: "silence.wav")
    for command in [
      transfer(input: "silence.wav"), transfer(reference: "silence.wav"), objective(input: "silence.wav"),
    ] {
      try workspace.expectFailure(command, "silence.wav", "silent")
      try workspace.expectFailure(command + ["--no-loudness"], "silence.wav", "0 active segments")
    }
  }

  @Test func monoReference() throws {
    let workspace = try workspace()
    for command in [transfer(reference: "dry.wav"), objective(reference: "dry.wav")] {
      try workspace.expectFailure(command, "dry.wav", "1 channel", "stereo")
    }
  }

  @Test func tooShortForLoudness() throws {
    let workspace = try workspace()
    try workspace.store(
      AudioBuffer(channels: [Array(try Voice.excerpt(seconds: 0.1))], sampleRate: 44_100), as: "blip.wav")
    try workspace.expectFailure(transfer(input: "blip.wav"), "blip.wav", "0.4 s")
  }
}
