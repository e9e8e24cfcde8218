import FileOutput
import Foundation
import NeuralCore
import NumericCore

/// The losses of an epoch: mean squared errors of standardised logits. The property names are keys of the command's
/// JSON.
public struct RegressionEpoch: Codable, Sendable, Hashable {
  /// Over the training segments, each at the time of its step.
  public let trainingLoss: Double
  /// Over the validation segments, at the end.
  public let validationLoss: Double
}

/// How far a training is: all that the next step depends on.
struct RegressionState {
  /// What is not in arrays.
  struct Position: Codable {
    /// Everything that the run depends on but the number of epochs: a checkpoint of other work is refused.
    var problem: String
    /// Epochs that are over.
    var history: [RegressionEpoch] = []
    /// Batches of the present epoch that are over, and the squared errors of their segments.
    var batch = 0
    var lossSum = 0.0
    var lossCount = 0
    /// Of the optimiser, in all.
    var stepCount = 0
    /// The best epoch, from 0.
    var best: Int?
  }

  var position: Position
  let trainer: SequenceTrainer
  /// The weights of the best epoch.
  var best: SequenceWeights

  private static let key = "priorkit_training"

  /// Writes everything to a file.
  func save(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var position = position
    position.stepCount = trainer.stepCount
    var file = SafeTensorsWriter(metadata: [
      Self.key: String(decoding: try encoder.encode(position), as: UTF8.self)
    ])
    trainer.weights.add(to: &file, prefix: "current.")
    best.add(to: &file, prefix: "best.")
    trainer.add(to: &file)
    try file.write(to: path, overwrite: true)
  }

  /// What a checkpoint holds; nil where there is none yet.
  ///
  /// - Parameters:
  ///   - path: the checkpoint, checked to be writable if it is not there.
  ///   - problem: what its work must be.
  ///   - configuration: of the network.
  ///   - makeTrainer: makes the trainer for weights.
  /// - Throws: ``WorkflowError`` for the state of other work and for a damaged one.
  static func resumed(
    from path: String, problem: String, configuration: SequenceConfiguration,
    makeTrainer: (SequenceWeights) -> SequenceTrainer
  ) throws -> RegressionState? {
    guard !FileContents.isUnwritten(path) else {
      try OutputFile.check(path, overwrite: true)
      return nil
    }
    let damaged = WorkflowError(.unusableState, "The checkpoint \(path) is damaged: delete it to start anew.")
    guard let file = try? SafeTensors(path: path) else { throw damaged }
    guard let text = file.metadata[key],
      let position = try? JSONDecoder().decode(Position.self, from: Data(text.utf8)), position.problem == problem
    else {
      throw WorkflowError(
        .unusableState, "The checkpoint \(path) is of other work: name another file, or delete it.")
    }
    do {
      let weights = try SequenceWeights(file, configuration: configuration, prefix: "current.")
      let trainer = makeTrainer(weights)
      try trainer.restore(file, stepCount: position.stepCount)
      return RegressionState(
        position: position, trainer: trainer,
        best: try SequenceWeights(file, configuration: configuration, prefix: "best."))
    } catch is SafeTensorsError { throw damaged }
  }
}
