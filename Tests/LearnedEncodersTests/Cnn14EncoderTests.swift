import Foundation
import LearnedEncoders
import NeuralCore
import NumericCore
import StyleFeatures
import TestSupport
import Testing

/// Encoders of random networks: gradients, workspaces that change hands, weights that are refused.
struct Cnn14EncoderTests {
  private static func model(_ configuration: Cnn14Configuration, seed: UInt64 = 1) throws -> Cnn14Model {
    let scratch = try Scratch()
    let path = scratch.file("random.safetensors")
    try RandomCnn14.file(configuration, seed: seed).data.write(to: URL(fileURLWithPath: path))
    return try Cnn14Model(Cnn14Weights(path: path, configuration: configuration))
  }

  private func noise(_ count: Int, seed: UInt64) -> [Float] {
    var source = RandomSource(seed: seed)
    var smooth: Float = 0
    return (0..<count).map { _ in
      smooth += 0.3 * (Float.random(in: -1...1, using: &source) - smooth)
      return smooth
    }
  }

  private func cotangent(_ encoder: StyleEncoderKind, seed: UInt64 = 5) -> StyleEmbedding {
    StyleEmbedding(
      mid: noise(encoder.featureCount, seed: seed).map { Double($0) },
      side: noise(encoder.sideFeatureCount, seed: seed + 1).map { Double($0) })
  }

  /// AFx-Rep's kind and Fx-Encoder++'s, at their own rates and others.
  @Test(arguments: Cnn14Configuration.known, [44100.0, 48000])
  func gradientIsThatOfTheEmbedding(configuration: Cnn14Configuration, sampleRate: Double) throws {
    let kind = try Self.model(RandomCnn14.small(configuration), seed: 9).encoder
    let count = 48000
    let encoder: any StyleEncoder<Float> = try kind.makeEncoder(
      frameCount: count, sampleRate: sampleRate, gain: 0.7)
    let (left, right, weights) = (noise(count, seed: 1), noise(count, seed: 2), cotangent(kind))
    let embedding = try encoder.encode(left: left, right: right)
    #expect(embedding.mid.count == 10 && embedding.side.count == kind.sideFeatureCount)
    for vector in [embedding.mid, embedding.side] where !vector.isEmpty {
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
    }
    var (leftGradient, rightGradient) = (left, right)
    try encoder.pullback(weights, left: &leftGradient, right: &rightGradient)
    // Along the gradient, where the difference is largest beside the rounding of Float.
    let norm = (leftGradient + rightGradient).reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    func value(_ offset: Double) throws -> Double {
      func moved(_ samples: [Float], _ gradient: [Float]) -> [Float] {
        zip(samples, gradient).map { Float(Double($0) + offset / norm * Double($1)) }
      }
      let found = try encoder.encode(left: moved(left, leftGradient), right: moved(right, rightGradient))
      return zip(found.mid + found.side, weights.mid + weights.side).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let difference = try centralDifference(of: { try value($0[0]) }, at: [0], coordinate: 0, step: 3e-2)
    #expect(abs(difference - norm) < 5e-3 * norm, "\(difference) against \(norm)")
  }

  /// Both precisions of the chain, and threads, give one embedding.
  @Test func precisionAndThreadsDoNotMatter() throws {
    let kind = try Self.model(RandomCnn14.small()).encoder
    let (left, right) = (noise(40000, seed: 1), noise(40000, seed: 2))
    let single: any StyleEncoder<Float> = try kind.makeEncoder(
      frameCount: 40000, sampleRate: 44100, team: ThreadTeam(threads: 2))
    let double: any StyleEncoder<Double> = try kind.makeEncoder(frameCount: 40000, sampleRate: 44100)
    let found = try single.encode(left: left, right: right)
    #expect(try double.encode(left: left.map { Double($0) }, right: right.map { Double($0) }) == found)
    #expect(ObjectIdentifier(kind.precision) == ObjectIdentifier(Float.self))
  }

  /// More encoders than workspaces: a pullback after others have used the workspace is the same.
  @Test func workspacesChangeHands() throws {
    let model = try Self.model(RandomCnn14.small())
    let own = try Self.model(RandomCnn14.small())
    let signals = (0..<3).map { (noise(40000, seed: UInt64(10 + $0)), noise(40000, seed: UInt64(20 + $0))) }
    model.keepNoMoreThanOneWorkspace()
    func gradients(_ model: Cnn14Model) throws -> [[Float]] {
      let encoders: [any StyleEncoder<Float>] = try signals.map { _ in
        try model.encoder.makeEncoder(frameCount: 40000, sampleRate: 44100)
      }
      for (encoder, signal) in zip(encoders, signals) { _ = try encoder.encode(left: signal.0, right: signal.1) }
      return try encoders.map { encoder in
        var (left, right) = (signals[0].0, signals[0].1)
        try encoder.pullback(cotangent(model.encoder), left: &left, right: &right)
        return left + right
      }
    }
    let found = try gradients(model)
    #expect(try gradients(own) == found)
    #expect(model.workspaceBytes * 3 == own.workspaceBytes)
  }

  @Test func nothingFiniteIsAnError() throws {
    let kind = try Self.model(RandomCnn14.small()).encoder
    let encoder: any StyleEncoder<Float> = try kind.makeEncoder(frameCount: 40000, sampleRate: 44100)
    for value in [Float.nan, .infinity] {
      var left = noise(40000, seed: 1)
      left[20000] = value
      #expect(throws: StyleEncoderError.notFinite(encoder: kind.rawValue)) {
        try encoder.encode(left: left, right: left)
      }
    }
    #expect(throws: Never.self) {
      try encoder.encode(left: [Float](repeating: 0, count: 40000), right: [Float](repeating: 0, count: 40000))
    }
  }

  @Test func shortSegmentsAreRefused() throws {
    let kind = try Self.model(RandomCnn14.small()).encoder
    let least = kind.minimumFrameCount(sampleRate: 44100)
    #expect(least == 29165)  // 31 hops of 1024 at 48 kHz
    let encoder: any StyleEncoder<Float> = try kind.makeEncoder(frameCount: least, sampleRate: 44100)
    #expect(try encoder.encode(left: noise(least, seed: 1), right: noise(least, seed: 2)).mid.count == 10)
    #expect(throws: StyleEncoderError.self) {
      let _: any StyleEncoder<Float> = try kind.makeEncoder(frameCount: least - 1, sampleRate: 44100)
    }
  }

  /// Weights with something missing, wrong, or too much.
  @Test func wrongWeightsAreRefused() throws {
    let scratch = try Scratch()
    let path = scratch.file("weights.safetensors")
    let good = try RandomCnn14.file(RandomCnn14.small())
    func refused(_ change: (inout TensorFile) -> Void) throws -> SafeTensorsError? {
      var file = good
      change(&file)
      try file.data.write(to: URL(fileURLWithPath: path))
      return #expect(throws: SafeTensorsError.self) { try Cnn14Weights(path: path) }
    }
    #expect(
      try refused { $0.tensors.remove(at: 3) } == .missing(path: path, tensor: "conv_block1.bn1.running_mean"))
    #expect(
      try refused { $0.add("instance_estimator.weight", [1], shape: [1]) }
        == .unknown(path: path, tensor: "instance_estimator.weight"))
    #expect(
      try refused { $0.tensors[1].shape = [2, 2] }
        == .wrongShape(path: path, tensor: "conv_block1.bn1.weight", found: [2, 2], expected: [4]))
    #expect(
      try refused {
        $0.tensors[1] = ("conv_block1.bn1.weight", "F32", [4], [Float.nan, 1, 1, 1].withUnsafeBytes { Data($0) })
      }
        == .notFinite(path: path, tensor: "conv_block1.bn1.weight"))
    _ = try refused {
      $0.tensors[4] = (
        "conv_block1.bn1.running_var", "F32", [4], [Float(-1), 1, 1, 1].withUnsafeBytes { Data($0) }
      )
    }
    // The published network has more channels.
    _ = try refused { $0.metadata = [:] }
    _ = try refused { $0.metadata["cnn14"] = "{}" }
    _ = try refused { file in
      var other = RandomCnn14.small()
      other.bandCount = 16
      file.metadata["cnn14"] = (try? JSONEncoder().encode(other)).map { String(decoding: $0, as: UTF8.self) }
    }
  }

  /// Features made with other weights are those of another encoder.
  @Test func nameHasTheHash() throws {
    let names = try [1, 1, 2].map { try Self.model(RandomCnn14.small(), seed: $0).encoderName }
    #expect(names[0] == names[1] && names[0] != names[2])
    #expect(names[0].hasPrefix("afx-rep:") && !names[0].contains(" "))
  }
}
