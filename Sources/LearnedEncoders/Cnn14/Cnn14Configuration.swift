/// A Cnn14 encoder without its weights: front end, trunk and heads as numbers.
///
/// AFx-Rep (arXiv 2410.21233) and Fx-Encoder++ (arXiv 2507.02273) are two of them. A file of weights may carry the
/// configuration of a third as JSON, under `cnn14` in the metadata of safetensors.
public struct Cnn14Configuration: Sendable, Hashable, Codable {
  /// How two channels of audio become images.
  public enum Inputs: String, Sendable, Hashable, Codable {
    /// An image each of (L + R)/2 and (L - R)/2, which go through the trunk one by one; two embeddings.
    case midSide = "mid/side"
    /// Left and right as the two channels of one image; one embedding.
    case leftRight = "left/right"
  }

  /// A linear layer of a head.
  public struct Layer: Sendable, Hashable, Codable {
    /// Its tensors are `name.weight` [width][inputs] and `name.bias` [width].
    public var name: String
    /// Numbers that it gives.
    public var width: Int
    /// Whether a ReLU follows.
    public var isRectified: Bool

    /// A layer of a head.
    public init(_ name: String, width: Int, isRectified: Bool = false) {
      (self.name, self.width, self.isRectified) = (name, width, isRectified)
    }
  }

  /// What the encoder is called on the command line.
  public var name: String
  /// In Hz; other audio is resampled.
  public var sampleRate: Int
  /// Samples of a frame of the spectrogram.
  public var windowLength: Int
  /// Samples from one frame to the next.
  public var hop: Int
  /// Mel bands.
  public var bandCount: Int
  /// Lowest and highest corner of the bands, in Hz.
  public var lowestHz, highestHz: Double
  /// Channels that the blocks give.
  public var channels: [Int]
  /// How audio becomes images.
  public var inputs: Inputs
  /// The layers after the pooling over time: those of mid and of side, or those of the one embedding.
  public var heads: [[Layer]]

  /// AFx-Rep, the encoder of the published style transfer: embeddings of 512 numbers of mid and of side.
  public static let afxRep = Cnn14Configuration(
    name: "afx-rep", sampleRate: 48000, windowLength: 2048, hop: 1024, bandCount: 128, lowestHz: 20,
    highestHz: 20000,
    channels: [64, 128, 256, 512, 1024, 2048], inputs: .midSide,
    heads: [[Layer("fc_mid", width: 512)], [Layer("fc_side", width: 512)]])

  /// Fx-Encoder++ with its projection: one embedding of 128 numbers of left and right together.
  public static let fxEncoder = Cnn14Configuration(
    name: "fx-encoder++", sampleRate: 44100, windowLength: 2048, hop: 512, bandCount: 64, lowestHz: 50,
    highestHz: 18000,
    channels: [64, 128, 256, 512, 1024, 2048], inputs: .leftRight,
    heads: [
      [
        Layer("fc", width: 2048, isRectified: true), Layer("projection.0", width: 128, isRectified: true),
        Layer("projection.2", width: 128),
      ]
    ])

  /// Those that can be named on the command line.
  public static let known = [afxRep, fxEncoder]

  /// Channels of an image.
  var imageChannels: Int { inputs == .midSide ? 1 : 2 }
  /// Images of a segment.
  var imageCount: Int { inputs == .midSide ? 2 : 1 }
  /// Bins of a frame.
  var binCount: Int { windowLength / 2 + 1 }

  /// Numbers of the embedding of a channel.
  public var featureCount: Int { heads.first?.last?.width ?? 0 }

  /// The shortest segment in samples of a rate: enough frames and bands to outlast the pooling.
  public func minimumFrameCount(sampleRate rate: Double) -> Int {
    let frames = 1 << (channels.count - 1)
    let samples = max((frames - 1) * hop, windowLength / 2 + 1)
    return Int((Double(samples) * rate / Double(sampleRate)).rounded(.up))
  }

  /// What is wrong with the numbers, for a file that brings its own; nil if nothing is.
  var fault: String? {
    let sizes = [sampleRate, windowLength, hop, bandCount] + channels + heads.flatMap { $0.map(\.width) }
    guard sizes.allSatisfy({ (1...1_000_000).contains($0) }) else { return "a size is not between 1 and 1e6" }
    guard (1...16).contains(channels.count), bandCount >= 1 << (channels.count - 1) else {
      return "\(bandCount) bands do not outlast the pooling of \(channels.count) blocks"
    }
    guard windowLength % 2 == 0 else { return "the window has an odd number of samples" }
    guard lowestHz >= 0, lowestHz < highestHz, highestHz <= Double(sampleRate) / 2 else {
      return "the bands do not lie between 0 Hz and half the sample rate"
    }
    guard heads.count == imageCount, heads.allSatisfy({ !$0.isEmpty }),
      Set(heads.compactMap { $0.last?.width }).count == 1
    else { return "its heads do not give \(imageCount == 1 ? "one embedding" : "two embeddings of one length")" }
    guard !name.isEmpty, !name.contains(where: { $0.isWhitespace || $0 == "=" || $0 == ":" }) else {
      return "its name is no word"
    }
    return nil
  }
}
