import FileOutput
public import NeuralCore
import NumericCore
public import PresetRegression
import PresetStore

/// Training of a regression network on examples: mean squared error of standardised logits, AdamW, and the weights
/// of the epoch with the smallest validation loss (arXiv 2505.11315).
public struct RegressionTraining: Sendable {
  /// Most epochs.
  public var epochs = 100
  /// Segments of a batch. A last batch whose norms would have no variance is left out of the epoch.
  public var batchSize = 64
  /// The settings of AdamW.
  public var optimiser = AdamW()
  /// Epochs without a smaller validation loss after which it ends.
  public var patience = 20
  /// Share of the groups that is kept for validation, at least one group.
  public var validationShare = 0.1
  /// Channels of the blocks.
  public var channels = [512, 512, 768, 1024]
  /// Channels of the convolution after them, of which the maximum over time is taken.
  public var width = 1024
  /// Of initial weights, split and batches: the same seed gives the same network.
  public var seed: UInt64 = 0
  /// Most threads to use; the result does not depend on them.
  public var threads = 1

  /// The published network and settings.
  public init() {}

  /// A network with the losses of all epochs.
  public struct Outcome: Sendable {
    /// With the weights of the best epoch.
    public let model: RegressionModel
    /// In order.
    public let history: [RegressionEpoch]
  }

  /// Trains.
  ///
  /// - Parameters:
  ///   - examples: what to learn from and to be judged by.
  ///   - checkpoint: a file to go on from after an interruption, or with more epochs; nil to keep none.
  ///   - inputs: digests of the files that the examples depend on: a checkpoint of others is refused.
  ///   - monitor: is told of every batch.
  /// - Throws: ``WorkflowError`` for segments that are too short, work that does not fit memory, a loss that is not
  ///   finite; ``InterruptedError``, once the checkpoint is written; `NeuralError`.
  public func run(
    _ examples: RegressionExamples, checkpoint: String? = nil, inputs: [String] = [],
    monitor: some WorkMonitor = QuietMonitor()
  ) throws -> Outcome {
    let configuration = SequenceConfiguration(
      inputs: RegressionFeatures.rowCount, channels: channels, width: width, outputs: examples.parameterNames.count)
    try requireUsable(examples, configuration)
    let targets = try RegressionTargets(examples, validationShare: validationShare, seed: seed)
    var run = try EpochLoop(
      training: self, examples: examples, targets: targets, configuration: configuration, checkpoint: checkpoint,
      problem: problem(examples, inputs), monitor: monitor)
    try run.run()
    let errors = try run.bestErrors()
    let position = run.state.position
    let description = RegressionDescription(
      network: configuration, parameterNames: examples.parameterNames, sampleRate: examples.sampleRate,
      segmentSeconds: examples.segmentSeconds, loudnessLUFS: examples.loudnessLUFS,
      trainedOn: "\(targets.training.count) segments, \(examples.origin)",
      training: RegressionDescription.Training(
        trainingExamples: targets.training.count, validationExamples: targets.validation.count,
        epochs: position.history.count, bestEpoch: 1 + (position.best ?? 0), batchSize: batchSize,
        optimiser: optimiser, seed: seed, validationLoss: errors.loss, meanValidationLoss: errors.meanLoss,
        validationPMSE: errors.pmse, meanValidationPMSE: errors.meanPMSE))
    return Outcome(
      model: RegressionModel(
        weights: run.state.best, mean: targets.mean, deviation: targets.deviation, description: description),
      history: position.history)
  }

  private func requireUsable(_ examples: RegressionExamples, _ configuration: SequenceConfiguration) throws {
    let needed = RegressionModel.minimumFrameCount(configuration)
    guard examples.frameCount >= needed else {
      throw WorkflowError(
        .unsuitableRecording,
        "Segments of \(NumberText.short(examples.segmentSeconds)) s are shorter than the "
          + "\(NumberText.short(Double(needed) / examples.sampleRate)) s that a network of \(channels.count) "
          + "blocks needs: train on longer ones.")
    }
    let steps = RegressionFeatures.stepCount(frameCount: examples.frameCount)
    let batch = SequencePass.bytes(configuration, capacity: batchSize, steps: steps, isTraining: true)
    let bytes = batch + examples.count * RegressionExamples.bytes(frameCount: examples.frameCount)
    guard MemoryLimit.bytes(count: 1, of: bytes) != nil else {
      throw WorkflowError(
        .tooLarge,
        "\(examples.count) segments of \(NumberText.short(examples.segmentSeconds)) s and batches of \(batchSize) "
          + "do not fit memory: train on fewer or shorter segments, or in smaller batches.")
    }
  }

  private func problem(_ examples: RegressionExamples, _ inputs: [String]) -> String {
    "priorkit \(Provenance.currentVersion) regression \(examples.count) \(examples.origin) batch \(batchSize) "
      + "adamw \(optimiser.learningRate) \(optimiser.weightDecay) validation \(validationShare) "
      + "channels \(channels) \(width) seed \(seed) files \(inputs.joined(separator: " "))"
  }
}
