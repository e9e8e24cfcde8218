import Foundation
import HDF5Store
import LearnedEncoders
import NumericCore
import PresetStore
import TestSupport
import Testing

/// Encoders with weights, and programs, on the command line.
@Suite struct EncoderCommandTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.storeVoice(seconds: 1.5)
    try workspace.store(RandomCnn14.file(RandomCnn14.small()).data, as: "small.safetensors")
    try workspace.store(RandomCnn14.file(RandomCnn14.small(.fxEncoder)).data, as: "one.safetensors")
    return workspace
  }

  private func objective(_ encoder: String, _ output: String) -> [String] {
    [
      "objective", "--prior", "prior.h5", "--presets", "presets.h5", "--row", "7", "--dry", "dry.wav",
      "--reference", "reference.wav", "--encoder", encoder, "--segment-seconds", "0.7", "-o", output,
    ]
  }

  @Test func weightsAreShown() throws {
    let workspace = try workspace()
    let shown = try workspace.succeed(["encoder", "show", "afx-rep=small.safetensors"]).standardOutput
    #expect(shown.contains("4, 6, 8, 12, 16, 24") && shown.contains("128, 20 to 20000 Hz, Slaney"))
    let json = try workspace.succeed(["encoder", "show", "fx-encoder++=one.safetensors", "--json"]).standardOutput
    let values = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    #expect(values?["features"] as? Int == 10 && values?["side_features"] as? Int == 0)
    #expect((values?["sha256"] as? String)?.count == 64)
  }

  @Test func objectiveHoldsTheirEmbeddings() throws {
    let workspace = try workspace()
    try workspace.succeed(objective("afx-rep=small.safetensors", "two.h5"))
    try workspace.succeed(objective("fx-encoder++=one.safetensors", "one.h5"))
    #expect(try workspace.open("two.h5").shape(of: "/embedding/side") == [2, 10])
    #expect(try workspace.open("one.h5").shape(of: "/embedding/mid") == [2, 10])
    #expect(try !workspace.open("one.h5").contains("/embedding/side"))
    let gradient = try workspace.open("one.h5").doubles("/gradient/log_likelihood").values
    #expect(gradient.contains { $0 != 0 } && gradient.allSatisfy(\.isFinite))
    // The weights are among the files that the result depends on.
    #expect(
      try workspace.open("two.h5").strings(attribute: "input_files").contains { $0.hasSuffix("small.safetensors") })
  }

  @Test func distanceTellsAngles() throws {
    let workspace = try workspace()
    let arguments = ["distance", "reference.wav", "reference.wav", "wet.wav", "--json", "--encoder"]
    try workspace.succeed(["render", "presets.h5", "--row", "3", "dry.wav", "-o", "wet.wav"])
    for (encoder, hasSide) in [
      ("mfcc", true), ("afx-rep=small.safetensors", true), ("fx-encoder++=one.safetensors", false),
    ] {
      let json = try workspace.succeed(arguments + [encoder]).standardOutput
      let values = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      let entries = try #require(values?["recordings"] as? [[String: Any]])
      let (own, other) = (entries[0]["style_angle_mid"] as? Double, entries[1]["style_angle_mid"] as? Double)
      // The cosine of the same is 1 up to rounding.
      #expect(try #require(own) < 1e-5 && #require(other) > 1e-3, "\(encoder)")
      #expect((entries[1]["style_angle_side"] != nil) == hasSide, "\(encoder)")
    }
    let table = try workspace.succeed(["distance", "reference.wav", "wet.wav", "--encoder", "mir"]).standardOutput
    #expect(table.contains("angle side"))
    try workspace.expectFailure(
      ["distance", "presets.h5", "presets.h5", "--encoder", "mfcc"], "--encoder is for recordings")
  }

  @Test func transferDoesNotDependOnThreads() throws {
    let workspace = try workspace()
    func preset(_ threads: String) throws -> [Double] {
      try workspace.succeed([
        "transfer", "--prior", "prior.h5", "--dry", "dry.wav", "--reference", "reference.wav", "--encoder",
        "afx-rep=small.safetensors", "--segment-seconds", "0.7", "--steps", "4", "--threads", threads, "-o",
        threads,
      ])
      return try PresetFile.read(workspace.path(threads + "/preset.h5")).theta.row(0)
    }
    #expect(try preset("1") == preset("2"))
  }

  /// Two of four segments, evenly spaced, are the first and the third.
  @Test func segmentsCanBeLimited() throws {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.storeVoice(seconds: 2.4)
    try workspace.succeed(objective("mfcc", "two.h5") + ["--segment-seconds", "0.6", "--maximum-segments", "2"])
    try workspace.succeed(objective("mfcc", "all.h5") + ["--segment-seconds", "0.6"])
    let two = try workspace.open("two.h5").doubles("/embedding/mid")
    let all = try workspace.open("all.h5").doubles("/embedding/mid")
    #expect(two.shape == [2, 100] && all.shape == [4, 100])
    let expected = Array(all.values[0..<100] + all.values[200..<300])
    // The peak of the references' segments is another where some are left out.
    #expect(largestDifference(two.values, expected) < 0.1)
  }

  @Test func conditionalPriorsRefuseOtherWeights() throws {
    let workspace = try workspace()
    try workspace.store(RandomCnn14.file(RandomCnn14.small(), seed: 2).data, as: "other.safetensors")
    try workspace.succeed([
      "simulate", "prior.h5", "--dry", "dry.wav", "--count", "30", "--segments", "1", "--segment-seconds", "0.7",
      "--encoder", "afx-rep=small.safetensors", "-o", "pairs.h5",
    ])
    #expect(try PresetFile.read(workspace.path("pairs.h5")).featureNames?.first?.hasPrefix("afx-rep:") == true)
    try workspace.succeed(["fit", "pairs.h5", "--given", "features", "--components", "2", "-o", "c.h5"])
    let sample = ["sample", "c.h5", "--count", "2", "--given-audio", "reference.wav", "-o", "s.h5"]
    try workspace.succeed(sample + ["--given-encoder", "afx-rep=small.safetensors"])
    for other in [[], ["--given-encoder", "afx-rep=other.safetensors"]] {
      try workspace.expectFailure(
        sample + ["--force"] + other, "features of the encoder afx-rep:", "name the encoder")
    }
  }

  @Test func programsAreEncoders() throws {
    let workspace = try workspace()
    try workspace.store(Self.program.utf8, as: "levels.py")
    try workspace.succeed(objective("process:python3 levels.py", "o.h5"))
    #expect(try workspace.open("o.h5").shape(of: "/embedding/mid") == [2, 2])
    #expect(try workspace.open("o.h5").shape(of: "/embedding/side") == [2, 2])
    try workspace.expectFailure(objective("process:sh -c 'exit 3'", "p.h5"), "exit 3", "status 3")
    try workspace.expectFailure(
      objective("process:sleep 60", "p.h5") + ["--encoder-timeout", "1"], "sleep 60", "no answer for 1 s")
    #expect(!workspace.exists("p.h5"))
  }

  /// An embedding of two numbers of mid and of side: sums of samples and of samples with alternating signs.
  private static let program = """
    import array, json, mmap, sys
    segments = {}
    for line in sys.stdin:
        request = json.loads(line)
        kind, number = request["request"], request.get("segment")
        reply = {"ok": True}
        if kind == "describe":
            reply = {"protocol": 1, "name": "levels", "features": 2}
        elif kind == "open":
            with open(request["memory"], "r+b") as file:
                segments[number] = request["frames"], mmap.mmap(file.fileno(), 16 * request["frames"] + 64)
        elif kind in ("encode", "pullback"):
            frames, memory = segments[number]
            audio = array.array("f", memory[:8 * frames])
            left, right = audio[:frames], audio[frames:]
            if kind == "encode":
                found = []
                for sign in (1, -1):
                    signal = [a + sign * b for a, b in zip(left, right)]
                    found += [1 + sum(signal), 2 + sum(signal[::2]) - sum(signal[1::2])]
                memory[16 * frames:16 * frames + 32] = array.array("d", found).tobytes()
            else:
                weights = array.array("d", memory[16 * frames + 32:16 * frames + 64])
                gradient = array.array("f")
                for sign in (1, -1):
                    even, odd = (weights[0] + s * weights[1] + sign * (weights[2] + s * weights[3]) for s in (1, -1))
                    gradient.extend([even, odd][n % 2] for n in range(frames))
                memory[8 * frames:16 * frames] = gradient.tobytes()
        print(json.dumps(reply), flush=True)
    """

  @Test func whatIsNoEncoderIsRefused() throws {
    let workspace = try workspace()
    try workspace.store([0x80, 2, 0x7D] + [UInt8](repeating: 0, count: 100), as: "pickle.ckpt")
    try workspace.store(Data(RandomCnn14.file(RandomCnn14.small()).data.prefix(9000)), as: "cut.safetensors")
    try workspace.expectFailure(
      objective("afx-rep=none.safetensors", "o.h5"), "none.safetensors", "There is no file")
    try workspace.expectFailure(
      objective("afx-rep=pickle.ckpt", "o.h5"), "pickle.ckpt", "scripts/convert-afx-rep.py")
    try workspace.expectFailure(objective("afx-rep=cut.safetensors", "o.h5"), "cut.safetensors", "9000 bytes")
    try workspace.expectFailure(objective("afx-rep=one.safetensors", "o.h5"), "one.safetensors", "fx-encoder++")
    for arguments in [
      objective("clap", "o.h5"), objective("afx-rep", "o.h5"),
      objective("mfcc", "o.h5") + ["--encoder-precision", "bfloat16"], ["encoder", "show", "mfcc"],
    ] {
      #expect(try workspace.run(arguments).exitCode == 64, "\(arguments)")
    }
    // Half a second is too short for the network.
    try workspace.expectFailure(
      objective("afx-rep=small.safetensors", "o.h5") + ["--segment-seconds", "0.5"], "too short", "29165 samples")
  }
}
