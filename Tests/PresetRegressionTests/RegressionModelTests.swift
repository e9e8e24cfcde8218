import Foundation
import NeuralCore
import NumericCore
import PresetRegression
import TestSupport
import Testing

/// Models as files: what is written is read, and everything else is refused.
struct RegressionModelTests {
  private static let description = RegressionDescription(
    network: SequenceConfiguration(channels: [6, 5], width: 7, outputs: 3), parameterNames: ["a", "b", "c"],
    sampleRate: 44_100, segmentSeconds: 0.25, loudnessLUFS: -18, trainedOn: "3 segments of a test",
    training: .init(
      trainingExamples: 2, validationExamples: 1, epochs: 4, bestEpoch: 2, batchSize: 2, optimiser: AdamW(),
      seed: 5,
      validationLoss: 0.5, meanValidationLoss: 1, validationPMSE: 2, meanValidationPMSE: 4))

  private func makeModel() -> RegressionModel {
    var source = RandomSource(seed: 3)
    return RegressionModel(
      weights: SequenceWeights(Self.description.network, using: &source), mean: [1, -2, 3e5],
      deviation: [0.5, 2, 0],
      description: Self.description)
  }

  private func noise(_ count: Int, seed: UInt64 = 1) -> [Float] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { _ in Float.random(in: -0.5...0.5, using: &source) }
  }

  @Test func whatIsWrittenIsRead() throws {
    let scratch = try Scratch()
    let (model, path) = (makeModel(), scratch.file("m.safetensors"))
    try model.write(to: path, overwrite: false, provenance: #"{"command":"test"}"#)
    #expect(RegressionModel.isOne(path: path))
    let read = try RegressionModel.load(path: path)
    #expect(read.description == Self.description)
    #expect(read.parameterNames == ["a", "b", "c"] && read.sampleRate == 44_100 && read.loudnessLUFS == -18)
    #expect(read.trainedOn == "3 segments of a test")
    #expect(try SafeTensors(path: path).metadata["provenance"] == #"{"command":"test"}"#)
    let (left, right) = (noise(9000), noise(9000, seed: 2))
    let logits = try model.logits(left: left, right: right)
    #expect(try read.logits(left: left, right: right) == logits)
    // A parameter that had one value keeps it.
    #expect(logits[2] == 3e5 && logits[0] != 1 && logits[1] != -2)
    #expect(try model.logits(left: right, right: left) != logits)
    try read.write(to: scratch.file("again"), overwrite: false, provenance: #"{"command":"test"}"#)
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: path))
        == Data(contentsOf: URL(fileURLWithPath: scratch.file("again"))))
  }

  @Test func segmentsWithoutAnAnswerAreRefused() throws {
    let model = makeModel()
    // 1 -> 7 -> 25 steps.
    #expect(model.minimumFrameCount == 24 * 256)
    _ = try model.logits(left: noise(24 * 256), right: noise(24 * 256))
    let short = #expect(throws: RegressionError.self) {
      try model.logits(left: noise(24 * 256 - 1), right: noise(24 * 256 - 1))
    }
    #expect(short?.description.contains("0.139 s") == true)
    for bad in [Float.nan, .infinity, 3e38] {
      var left = noise(9000)
      for index in 4000..<6000 { left[index] = bad }
      #expect(throws: RegressionError.notFinite) { try model.logits(left: left, right: left) }
    }
    let silence = [Float](repeating: 0, count: 9000)
    #expect(try model.logits(left: silence, right: silence).allSatisfy(\.isFinite))
  }

  @Test func threadsDoNotMatter() async throws {
    let model = makeModel()
    let (left, right) = (noise(9000), noise(9000, seed: 2))
    let expected = try model.logits(left: left, right: right)
    try await withThrowingTaskGroup(of: [Double].self) { group in
      for _ in 0..<8 { group.addTask { try model.logits(left: left, right: right) } }
      for try await found in group { #expect(found == expected) }
    }
  }

  // MARK: - Files that are refused

  /// The file of the model with something changed.
  private func store(
    in scratch: borrowing Scratch, metadata: (inout [String: String]) -> Void = { _ in },
    tensor: (String, [Float]) -> [Float]? = { $1 }, adding: String? = nil
  ) throws -> String {
    let (whole, path) = (scratch.file("whole"), scratch.file("changed"))
    try makeModel().write(to: whole, overwrite: true)
    let read = try SafeTensors(path: whole)
    var file = SafeTensorsWriter(metadata: read.metadata)
    metadata(&file.metadata)
    for (name, shape) in SequenceWeights.tensorShapes(Self.description.network) {
      if let numbers = tensor(name, try read.floats(name, shape: shape)) {
        file.add(name, numbers, shape: numbers.count == shape.reduce(1, *) ? shape : [numbers.count])
      }
    }
    for name in ["mu", "std"] {
      let numbers = try read.doubles(name, shape: [3])
      if let changed = tensor(name, numbers.map { Float($0) }) {
        file.add(name, changed.map { Double($0) }, shape: [changed.count])
      }
    }
    if let adding { file.add(adding, [1] as [Float], shape: [1]) }
    try file.write(to: path, overwrite: true)
    return path
  }

  private func expectRefusal(_ path: String, _ words: String...) {
    do {
      _ = try RegressionModel.load(path: path)
      Issue.record("\(words) was accepted")
    } catch {
      let sentence = "\(error)"
      #expect(sentence.hasSuffix(".") && sentence.contains(path), "\(sentence)")
      for word in words { #expect(sentence.contains(word), "\(sentence)") }
    }
  }

  @Test func changedTensorsAreRefused() throws {
    let scratch = try Scratch()
    _ = try RegressionModel.load(path: try store(in: scratch))
    expectRefusal(
      try store(in: scratch, tensor: { $0 == "norm.1.bias" ? nil : $1 }), "norm.1.bias", "no tensor")
    expectRefusal(
      try store(in: scratch, tensor: { $0 == "linear.bias" ? $1 + [1] : $1 }), "linear.bias", "shape")
    expectRefusal(
      try store(in: scratch, tensor: { $0 == "convolution.0.weight" ? [.nan] + $1.dropFirst() : $1 }),
      "convolution.0.weight", "not finite")
    expectRefusal(
      try store(in: scratch, tensor: { $0 == "norm.0.running_var" ? [-1] + $1.dropFirst() : $1 }),
      "norm.0.running_var", "below zero")
    expectRefusal(try store(in: scratch, tensor: { $0 == "std" ? [-1, 1, 1] : $1 }), "std", "below zero")
    expectRefusal(try store(in: scratch, tensor: { $0 == "mu" ? [.infinity, 1, 1] : $1 }), "mu", "not finite")
    expectRefusal(try store(in: scratch, tensor: { $0 == "mu" ? nil : $1 }), "mu", "no tensor")
    expectRefusal(try store(in: scratch, adding: "extra"), "extra", "not part")
  }

  @Test func changedDescriptionsAreRefused() throws {
    let scratch = try Scratch()
    func change(_ old: String, _ new: String) throws -> String {
      try store(
        in: scratch,
        metadata: { metadata in
          let text = metadata["priorkit_regression"] ?? ""
          #expect(text.contains(old))
          metadata["priorkit_regression"] = text.replacingOccurrences(of: old, with: new)
        })
    }
    expectRefusal(try store(in: scratch, metadata: { $0["priorkit_regression"] = nil }), "not a regression network")
    expectRefusal(try store(in: scratch, metadata: { $0["priorkit_regression"] = "{}" }), "description")
    expectRefusal(try change(#""parameterNames":["a","b","c"]"#, #""parameterNames":["a","b"]"#), "2 parameters")
    expectRefusal(try change(#""inputs":332"#, #""inputs":331"#), "331")
    expectRefusal(try change(#""kernel":5"#, #""kernel":-5"#), "kernel of -5")
    expectRefusal(try change(#""channels":[6,5]"#, #""channels":[5,6]"#), "shape")
    expectRefusal(try change(#""sampleRate":44100"#, #""sampleRate":0"#), "sample rate")
  }

  @Test func otherFilesAreRefused() throws {
    let scratch = try Scratch()
    expectRefusal(scratch.file("absent"), "no file")
    let path = scratch.file("other")
    for bytes in [Data(), Data("text".utf8), Data([0x50, 0x4B, 3, 4]) + Data(count: 64), Data(count: 100)] {
      try bytes.write(to: URL(fileURLWithPath: path))
      #expect(!RegressionModel.isOne(path: path))
      expectRefusal(path)
    }
    try makeModel().write(to: scratch.file("m"), overwrite: false)
    let data = try Data(contentsOf: URL(fileURLWithPath: scratch.file("m")))
    try data.dropLast(5).write(to: URL(fileURLWithPath: path))
    expectRefusal(path, "bytes")
  }
}
