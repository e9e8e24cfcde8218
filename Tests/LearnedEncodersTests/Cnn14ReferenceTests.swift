import Foundation
import HDF5Store
import LearnedEncoders
import NeuralCore
import NumericCore
import StyleFeatures
import TestSupport
import Testing

/// Every stage of a small random Cnn14, and its gradient, against the authors' code in float64.
@Suite(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
struct Cnn14ReferenceTests {
  private let file: HDF5Reader
  private let channels = [4, 6, 8, 12, 16, 24]

  init() throws { file = try Reference.open("cnn14-small") }

  /// The network of the reference file as safetensors, all of the checkpoint's keys included.
  private func makeModel(_ precision: NeuralPrecision = .float32) throws -> Cnn14Model {
    let scratch = try Scratch()
    var tensors = TensorFile()
    let configuration = RandomCnn14.small()
    tensors.metadata["cnn14"] = String(decoding: try JSONEncoder().encode(configuration), as: UTF8.self)
    for name in try file.children(of: "/state") {
      if name.hasSuffix("num_batches_tracked") {
        tensors.tensors.append((name, "I64", [], Data(count: 8)))
      } else {
        let (shape, values) = try file.doubles("/state/\(name)")
        tensors.add(name, values.map { Float($0) }, shape: shape)
      }
    }
    let path = scratch.file("small.safetensors")
    try tensors.data.write(to: URL(fileURLWithPath: path))
    return try Cnn14Model(Cnn14Weights(path: path), precision: precision)
  }

  private func audio() throws -> (left: [Float], right: [Float]) {
    let (shape, samples) = try file.doubles("/audio")
    return (samples[..<shape[2]].map { Float($0) }, samples[shape[2]...].map { Float($0) })
  }

  @Test func stagesAgree() throws {
    let model = try makeModel()
    let (left, right) = try audio()
    let stages = try model.stages(left: left, right: right, sampleRate: 44100)
    func compare(_ found: [Float], _ name: String, tolerance: Double = 1e-5) throws {
      let expected = try file.doubles(name).values
      #expect(found.count == expected.count, "\(name)")
      #expect(relativeNormError(found.map { Double($0) }, expected) < tolerance, "\(name)")
    }
    try compare(stages.resampled, "/resampled")
    // The authors' log-mel image is off by 4e-5; see FrontEndTests.
    for block in 0..<6 { try compare(stages.blocks[block], "/stages/block\(block + 1)", tolerance: 2e-5) }
    for (index, name) in ["mid", "side"].enumerated() {
      try compare(stages.embeddings[index].map { Float($0) }, "/unit/\(name)")
    }
  }

  /// From the authors' own log-mel image.
  @Test func trunkAgrees() throws {
    let levels = try file.doubles("/stages/logmel").values
    let pixels = levels.map { level in Float((level + 80) / 60 - 1) }
    #expect(levels.allSatisfy { (-80...40).contains($0) })
    let blocks = try makeModel().blocks(of: pixels, images: 2, height: 71)
    for block in 0..<6 {
      let expected = try file.doubles("/stages/block\(block + 1)").values
      #expect(relativeNormError(blocks[block].map { Double($0) }, expected) < 1e-6, "block \(block + 1)")
    }
  }

  @Test func gradientAgrees() throws {
    let (left, right) = try audio()
    let encoder: any StyleEncoder<Float> = try makeModel().encoder.makeEncoder(
      frameCount: left.count, sampleRate: 44100)
    _ = try encoder.encode(left: left, right: right)
    let cotangent = StyleEmbedding(
      mid: try file.doubles("/cotangent/mid").values, side: try file.doubles("/cotangent/side").values)
    var (leftGradient, rightGradient) = (left, right)
    try encoder.pullback(cotangent, left: &leftGradient, right: &rightGradient)
    let expected = try file.doubles("/gradient/audio").values
    #expect(relativeNormError((leftGradient + rightGradient).map { Double($0) }, expected) < 1e-4)
  }

  @Test func bfloat16IsNear() throws {
    let (left, right) = try audio()
    let encoder: any StyleEncoder<Float>
    do {
      encoder = try makeModel(.bfloat16).encoder.makeEncoder(frameCount: left.count, sampleRate: 44100)
    } catch NeuralError.unsupported {
      return  // no such instructions on this processor
    }
    let embedding = try encoder.encode(left: left, right: right)
    for (found, name) in [(embedding.mid, "mid"), (embedding.side, "side")] {
      let expected = try file.doubles("/unit/\(name)").values
      // The angle in radians, of unit vectors.
      #expect(largestDifference(found, expected) < 0.02, "\(name)")
    }
  }
}
