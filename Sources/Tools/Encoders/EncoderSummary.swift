import LearnedEncoders
import NeuralCore
import StyleFeatures
import Workflows

/// What `priorkit encoder show` says about weights. The property names are the keys of its JSON.
struct EncoderSummary: Encodable {
  let kind = "encoder"
  let network = "Cnn14"
  /// As files name it: with the first digits of the hash.
  let name: String
  let sha256: String
  let parameters: Int
  let features: Int
  let sideFeatures: Int
  let inputs: String
  let sampleRate: Int
  let windowLength: Int
  let hop: Int
  let melBands: Int
  let lowestHz: Double
  let highestHz: Double
  /// Whether the mel matrix is that of the file.
  let hasMelMatrix: Bool
  let channels: [Int]
  let shortestSeconds: Double

  init(of weights: Cnn14Weights) {
    let configuration = weights.configuration
    name = weights.encoderName(precision: .float32)
    sha256 = weights.sha256
    parameters = weights.parameterCount
    features = configuration.featureCount
    sideFeatures = configuration.inputs == .midSide ? configuration.featureCount : 0
    inputs = configuration.inputs.rawValue
    sampleRate = configuration.sampleRate
    windowLength = configuration.windowLength
    hop = configuration.hop
    melBands = configuration.bandCount
    (lowestHz, highestHz) = (configuration.lowestHz, configuration.highestHz)
    hasMelMatrix = weights.hasMelMatrix
    channels = configuration.channels
    let rate = Double(configuration.sampleRate)
    shortestSeconds = Double(configuration.minimumFrameCount(sampleRate: rate)) / rate
  }

  func text(isJSON: Bool) throws -> String {
    guard !isJSON else { return try JSONText.text(self) }
    var table = TextTable([("property", .left), ("value", .left)])
    table.append(["name in files", name])
    table.append(["network", "\(network), \(parameters) trained parameters"])
    table.append(["channels", channels.map { "\($0)" }.joined(separator: ", ")])
    table.append([
      "audio", "\(inputs), resampled to \(sampleRate) Hz, at least \(NumberText.short(shortestSeconds)) s",
    ])
    table.append(["spectrogram", "\(windowLength) samples every \(hop)"])
    table.append([
      "mel bands",
      "\(melBands), \(NumberText.short(lowestHz, digits: 6)) to \(NumberText.short(highestHz, digits: 6)) Hz"
        + (hasMelMatrix ? ", matrix of the file" : ", Slaney"),
    ])
    table.append(["embedding", sideFeatures > 0 ? "\(features) of mid, \(sideFeatures) of side" : "\(features)"])
    table.append(["SHA-256", sha256])
    return table.text
  }
}
