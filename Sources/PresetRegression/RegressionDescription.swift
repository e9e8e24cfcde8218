public import NeuralCore

/// What a regression network is and how it came about; kept with its weights, as JSON.
public struct RegressionDescription: Sendable, Hashable, Codable {
  /// How the training went.
  public struct Training: Sendable, Hashable, Codable {
    /// Segments that it learned from.
    public var trainingExamples: Int
    /// Segments, of other presets, that it was judged by.
    public var validationExamples: Int
    /// Epochs that were run.
    public var epochs: Int
    /// The epoch whose weights are kept, from 1: that of the smallest validation loss.
    public var bestEpoch: Int
    /// Segments of a batch.
    public var batchSize: Int
    /// The settings of the optimiser.
    public var optimiser: AdamW
    /// Of initial weights, split and batches.
    public var seed: UInt64
    /// Mean squared error of the standardised logits on the validation segments; the training mean has
    /// ``meanValidationLoss``, near 1.
    public var validationLoss: Double
    /// That of the training mean.
    public var meanValidationLoss: Double
    /// Mean squared error of the logits (PMSE) on the validation segments.
    public var validationPMSE: Double
    /// That of the training mean.
    public var meanValidationPMSE: Double

    /// All of it.
    public init(
      trainingExamples: Int, validationExamples: Int, epochs: Int, bestEpoch: Int, batchSize: Int, optimiser: AdamW,
      seed: UInt64, validationLoss: Double, meanValidationLoss: Double, validationPMSE: Double,
      meanValidationPMSE: Double
    ) {
      (self.trainingExamples, self.validationExamples) = (trainingExamples, validationExamples)
      (self.epochs, self.bestEpoch, self.batchSize) = (epochs, bestEpoch, batchSize)
      (self.optimiser, self.seed) = (optimiser, seed)
      (self.validationLoss, self.meanValidationLoss) = (validationLoss, meanValidationLoss)
      (self.validationPMSE, self.meanValidationPMSE) = (validationPMSE, meanValidationPMSE)
    }
  }

  /// Its sizes.
  public var network: SequenceConfiguration
  /// The parameters of the chain that its outputs are logits of, in flat order.
  public var parameterNames: [String]
  /// Of the audio, in Hz.
  public var sampleRate: Double
  /// Length of the segments that it was trained on.
  public var segmentSeconds: Double
  /// Integrated loudness that each of them was brought to; nil for levels as they came.
  public var loudnessLUFS: Double?
  /// What it was trained on, in a few words for labels.
  public var trainedOn: String
  /// How the training went.
  public var training: Training

  /// All of it.
  public init(
    network: SequenceConfiguration, parameterNames: [String], sampleRate: Double, segmentSeconds: Double,
    loudnessLUFS: Double?, trainedOn: String, training: Training
  ) {
    (self.network, self.parameterNames, self.sampleRate) = (network, parameterNames, sampleRate)
    (self.segmentSeconds, self.loudnessLUFS) = (segmentSeconds, loudnessLUFS)
    (self.trainedOn, self.training) = (trainedOn, training)
  }

  /// What is wrong with it, for a file that brings its own; nil if nothing is.
  var fault: String? {
    if let fault = network.fault { return fault }
    guard network.inputs == RegressionFeatures.rowCount else {
      return "it takes \(network.inputs) numbers of a step, not \(RegressionFeatures.rowCount)"
    }
    guard parameterNames.count == network.outputs else {
      return "it names \(parameterNames.count) parameters and gives \(network.outputs) numbers"
    }
    guard sampleRate > 0, sampleRate <= 1e6 else { return "its sample rate is \(sampleRate) Hz" }
    return nil
  }
}
