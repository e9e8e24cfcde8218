import FileOutput
import Foundation
public import NeuralCore
import NumericCore

/// The regression baseline of the evaluation of arXiv 2505.11315: a network that reads a preset off a processed
/// recording.
///
/// It gives standardised logits; logit d is `mean[d] + deviation[d] z[d]`, with mean and deviation of the training
/// presets. A recording of several segments has the mean of their logits.
public final class RegressionModel: Sendable {
  /// What it is and how it came about.
  public let description: RegressionDescription
  /// The parameters of the chain that the logits are of, in flat order: to be compared with those of the chain at
  /// hand.
  public var parameterNames: [String] { description.parameterNames }
  /// The rate of the audio that it takes, in Hz.
  public var sampleRate: Double { description.sampleRate }
  /// What it was trained on, in a few words: a number of this model goes with it.
  public var trainedOn: String { description.trainedOn }
  /// What the caller brings each segment to before ``logits(left:right:)``; nil for levels as they come.
  public var loudnessLUFS: Double? { description.loudnessLUFS }
  /// Samples of the shortest segment that it takes.
  public var minimumFrameCount: Int { Self.minimumFrameCount(description.network) }

  private let weights: SequenceWeights
  private let mean, deviation: [Double]

  private static let key = "priorkit_regression"

  /// A network with what belongs to it.
  ///
  /// - Parameters:
  ///   - weights: of the network; they must not change any more.
  ///   - mean: of the training logits [D].
  ///   - deviation: of the training logits [D], not negative.
  ///   - description: what it is.
  public init(weights: SequenceWeights, mean: [Double], deviation: [Double], description: RegressionDescription) {
    precondition(weights.configuration == description.network && description.fault == nil)
    precondition(mean.count == description.network.outputs && deviation.count == mean.count)
    (self.weights, self.mean, self.deviation, self.description) = (weights, mean, deviation, description)
  }

  /// Samples of the shortest segment that a network takes.
  public static func minimumFrameCount(_ network: SequenceConfiguration) -> Int {
    RegressionFeatures.frameCount(steps: network.minimumSteps)
  }

  // MARK: - Use

  /// The logits of one stereo segment; on the calling thread alone.
  ///
  /// - Parameters:
  ///   - left: samples at ``sampleRate``.
  ///   - right: as many.
  /// - Returns: logits [D], in the order of ``parameterNames``.
  /// - Throws: ``RegressionError`` for a segment that is too short, or without a finite answer; `NeuralError`.
  public func logits(left: [Float], right: [Float]) throws -> [Double] {
    precondition(left.count == right.count, "The channels have \(left.count) and \(right.count) samples")
    guard left.count >= minimumFrameCount else {
      throw RegressionError.tooShort(frameCount: left.count, needed: minimumFrameCount, sampleRate: sampleRate)
    }
    guard left.allSatisfy(\.isFinite), right.allSatisfy(\.isFinite) else { throw RegressionError.notFinite }
    let features = RegressionFeatures(frameCount: left.count, sampleRate: sampleRate)
    let sequence = SignalBuffer<Float>(count: features.stepCount * RegressionFeatures.rowCount)
    features.compute(left: left, right: right, into: sequence.pointer)
    let pass = SequencePass(weights, steps: features.stepCount)
    pass.setInput(sequence.pointer, sample: 0)
    try pass.forward(1)
    let logits = pass.output(sample: 0).enumerated().map {
      mean[$0.offset] + deviation[$0.offset] * Double($0.element)
    }
    guard logits.allSatisfy(\.isFinite) else { throw RegressionError.notFinite }
    return logits
  }

  // MARK: - Files

  /// Whether a file says of itself that it is a regression network; false also for one that cannot be read.
  public static func isOne(path: String) -> Bool {
    guard !FileContents.isPipe(path) else { return false }
    return (try? SafeTensors(path: path).metadata[key]) != nil
  }

  /// Reads a network and checks all of it.
  ///
  /// - Throws: `FileReadError`, `SafeTensorsError`, ``RegressionError``.
  public static func load(path: String) throws -> RegressionModel {
    let tensors: SafeTensors
    do { tensors = try SafeTensors(path: path) } catch SafeTensorsError.isCheckpoint {
      throw RegressionError.notRegression(path: path, reason: "it is a zip or a pickle")
    }
    guard let text = tensors.metadata[key] else {
      throw RegressionError.notRegression(path: path, reason: "its header does not say that it is one")
    }
    guard let description = try? JSONDecoder().decode(RegressionDescription.self, from: Data(text.utf8)) else {
      throw RegressionError.notRegression(path: path, reason: "its description cannot be read")
    }
    if let fault = description.fault { throw RegressionError.unusable(path: path, reason: fault) }
    let known = Set(SequenceWeights.tensorShapes(description.network).map(\.name) + ["mu", "std"])
    if let tensor = tensors.entries.keys.filter({ !known.contains($0) }).min() {
      throw RegressionError.unknownTensor(path: path, tensor: tensor)
    }
    let shape = [description.network.outputs]
    let (mean, deviation) = (try tensors.doubles("mu", shape: shape), try tensors.doubles("std", shape: shape))
    guard deviation.allSatisfy({ $0 >= 0 }) else { throw SafeTensorsError.negative(path: path, tensor: "std") }
    return RegressionModel(
      weights: try SequenceWeights(tensors, configuration: description.network), mean: mean, deviation: deviation,
      description: description)
  }

  /// Writes the network: tensors named as PyTorch's modules name them, `mu` and `std`, and the description.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - overwrite: whether an existing file may be replaced.
  ///   - provenance: the origin of the file as JSON, kept under `provenance`.
  /// - Throws: `OutputError`.
  public func write(to path: String, overwrite: Bool, provenance: String? = nil) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var file = SafeTensorsWriter(metadata: [
      Self.key: String(decoding: try encoder.encode(description), as: UTF8.self)
    ])
    file.metadata["provenance"] = provenance
    weights.add(to: &file)
    file.add("mu", mean, shape: [mean.count])
    file.add("std", deviation, shape: [deviation.count])
    try file.write(to: path, overwrite: overwrite)
  }
}
