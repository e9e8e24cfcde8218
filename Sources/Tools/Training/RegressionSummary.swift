import NeuralCore
import PresetRegression
import Workflows

/// What `priorkit show` and `priorkit train regression` say about a network. The property names are the keys of its
/// JSON.
struct RegressionSummary: Encodable {
  let kind = "regression"
  let trainedOn: String
  let parameters: Int
  let outputs: Int
  let channels: [Int]
  let width: Int
  let sampleRate: Double
  let segmentSeconds: Double
  let shortestSeconds: Double
  let loudnessLUFS: Double?
  let training: RegressionDescription.Training
  /// The losses of all epochs, where it was trained just now.
  let history: [RegressionEpoch]?

  init(of model: RegressionModel, history: [RegressionEpoch]? = nil) {
    let description = model.description
    trainedOn = description.trainedOn
    parameters = description.network.parameterCount
    outputs = description.network.outputs
    channels = description.network.channels
    width = description.network.width
    sampleRate = description.sampleRate
    segmentSeconds = description.segmentSeconds
    shortestSeconds = Double(model.minimumFrameCount) / description.sampleRate
    loudnessLUFS = description.loudnessLUFS
    training = description.training
    self.history = history
  }

  func text(isJSON: Bool) throws -> String {
    guard !isJSON else { return try JSONText.text(self) }
    var table = TextTable([("property", .left), ("value", .left)])
    table.append(["kind", "regression network"])
    table.append(["trained on", trainedOn])
    table.append(["network", "channels \((channels + [width]).map { "\($0)" }.joined(separator: ", "))"])
    table.append(["trained parameters", "\(parameters)"])
    table.append(["outputs", "\(outputs) logits"])
    let loudness = loudnessLUFS.map { ", at \(NumberText.short($0)) LUFS" } ?? ""
    table.append([
      "audio",
      "stereo, \(NumberText.short(sampleRate, digits: 6)) Hz, at least \(NumberText.short(shortestSeconds)) s, "
        + "trained on \(NumberText.short(segmentSeconds)) s\(loudness)",
    ])
    table.append([
      "examples", "\(training.trainingExamples) for training, \(training.validationExamples) for validation",
    ])
    table.append(["epochs", "\(training.epochs), best \(training.bestEpoch), batches of \(training.batchSize)"])
    table.append(["seed", "\(training.seed)"])
    func besideMean(_ value: Double, _ mean: Double) -> String {
      "\(NumberText.short(value)) (training mean: \(NumberText.short(mean)))"
    }
    table.append(["validation loss", besideMean(training.validationLoss, training.meanValidationLoss)])
    table.append(["validation PMSE", besideMean(training.validationPMSE, training.meanValidationPMSE)])
    return table.text
  }
}
