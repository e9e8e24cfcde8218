import AudioFiles
import Foundation
import NumericCore
import PresetStore
import TestSupport
import Testing

/// `priorkit train regression`, and `priorkit show` of what it writes.
@Suite struct TrainRegressionTests {
  private static let tiny = [
    "--segment-seconds", "0.5", "--channels", "8,8", "--width", "8", "--batch", "4", "--epochs", "2", "--seed", "5",
  ]

  private static func folder() throws -> Workspace {
    let folder = try Workspace()
    try folder.storeSmallPresets(12)
    try folder.storeVoice(seconds: 3)
    return folder
  }

  @Test func networkSaysWhatItWasTrainedOn() throws {
    let folder = try Self.folder()
    let arguments = ["train", "regression", "small.h5", "--dry", "dry.wav", "--count", "24"] + Self.tiny
    let result = try folder.succeed(arguments + ["--threads", "2", "-o", "r.safetensors"])
    let label = "simulated pairs: the 12 presets of small.h5 through 1 dry recording, segments of 0.5 s, seed 5"
    #expect(result.standardOutput.contains("22 segments, " + label))
    #expect(result.standardError.contains("trained on 22 segments"))
    for word in ["validation loss", "validation PMSE", "training mean", "epochs", "3 logits"] {
      #expect(result.standardOutput.contains(word), "\(result.standardOutput)")
    }
    #expect(try folder.succeed(["show", "r.safetensors"]).standardOutput == result.standardOutput)
    let json = try folder.succeed(["show", "r.safetensors", "--json"]).standardOutput
    let values = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(values["kind"] as? String == "regression" && values["trained_on"] as? String == "22 segments, " + label)
    let training = try #require(values["training"] as? [String: Any])
    #expect(training["training_examples"] as? Int == 22 && training["validation_examples"] as? Int == 2)
    // The output is there already, and the same run gives the same numbers.
    try folder.expectFailure(arguments + ["-o", "r.safetensors"], "r.safetensors", "--force")
    let again = try folder.succeed(arguments + ["--threads", "1", "--force", "--json", "-o", "r.safetensors"])
    let other = try #require(JSONSerialization.jsonObject(with: Data(again.standardOutput.utf8)) as? [String: Any])
    #expect(
      (other["training"] as? [String: Any])?["validation_loss"] as? Double == training["validation_loss"] as? Double
    )
    #expect((other["history"] as? [Any])?.count == 2)
  }

  @Test func priorsAndRecordingsAreSources() throws {
    let folder = try Self.folder()
    try folder.succeed(["fit", "small.h5", "-o", "prior.h5"])
    let drawn = try folder.succeed(
      ["train", "regression", "prior.h5", "--dry", "dry.wav", "--count", "20", "-o", "a.safetensors"] + Self.tiny)
    #expect(drawn.standardOutput.contains("draws of prior.h5"))
    try folder.store(Array(("row,file\n0,reference.wav\n5,reference.wav\n" as String).utf8), as: "list.csv")
    let arguments =
      ["train", "regression", "small.h5", "--audio-list", "list.csv", "-o", "b.safetensors"] + Self.tiny
    try folder.expectFailure(arguments, "missing", "--skip-missing")
    let recorded = try folder.succeed(arguments + ["--skip-missing"])
    #expect(recorded.standardOutput.contains("recorded pairs: 2 recordings of the presets of small.h5"))
  }

  @Test func checkpointsGoOn() throws {
    let folder = try Self.folder()
    let arguments = [
      "train", "regression", "small.h5", "--dry", "dry.wav", "--count", "24", "--checkpoint", "run.safetensors",
    ]
    let short = try folder.succeed(arguments + Self.tiny + ["-o", "a.safetensors"])
    #expect(folder.exists("run.safetensors") && !short.standardError.contains("going on"))
    let longer = try folder.succeed(arguments + Self.tiny + ["--epochs", "3", "-o", "b.safetensors"])
    #expect(longer.standardError.contains("going on after 12 steps") && longer.standardOutput.contains("3, best"))
    try folder.expectFailure(
      arguments + Self.tiny + ["--learning-rate", "0.1", "-o", "c.safetensors"], "run.safetensors", "other work")
  }

  @Test func badInputsAreRefused() throws {
    let folder = try Self.folder()
    let start = ["train", "regression", "small.h5"]
    for wrong in [
      [], ["--dry", "dry.wav", "--audio-list", "list.csv"], ["--audio-list", "l.csv", "--count", "5"],
      ["--dry", "dry.wav", "--channels", "8,x"], ["--dry", "dry.wav", "--channels", ""],
      ["--dry", "dry.wav", "--learning-rate", "nan"], ["--dry", "dry.wav", "--audio-root", "."],
      ["--dry", "dry.wav", "--skip-missing"],
    ] {
      #expect(try folder.run(start + wrong + ["-o", "r.safetensors"]).exitCode == 64, "\(wrong)")
    }
    let end = ["--dry", "dry.wav", "--count", "8", "-o", "r.safetensors"]
    try folder.expectFailure(["train", "regression", "gone.h5"] + end, "gone.h5")
    // The published network needs longer segments.
    try folder.expectFailure(start + end + ["--segment-seconds", "0.5"], "0.5 s", "1.393 s")
    try folder.expectFailure(start + end + ["--segment-seconds", "20"], "dry.wav", "20 s")
    var samples = try Voice.excerpt(seconds: 1).map { Double($0) }
    samples[900] = .nan
    try folder.store(WaveFile(encoding: .float32, channelCount: 1, samples: samples).bytes, as: "nan.wav")
    try folder.expectFailure(
      start + ["--dry", "nan.wav", "--count", "8", "-o", "r.safetensors"] + Self.tiny, "nan.wav")
    try folder.store(Array("nothing".utf8), as: "r.txt")
    try folder.expectFailure(["show", "r.txt"], "r.txt")
  }
}
