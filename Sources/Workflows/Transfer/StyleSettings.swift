import AudioFiles
public import Inference
public import StyleFeatures

/// How recordings are prepared and compared in a style transfer. The defaults are those of the published method.
public struct StyleSettings: Sendable, Hashable {
  /// What embeds the recordings.
  public var encoder = StyleEncoderKind.mfcc
  /// The weight of the log prior, 1/N_eff; 0 leaves the prior out.
  public var alpha = 0.1
  /// Length of the segments; shorter files are one segment, silent segments are dropped.
  public var segmentSeconds = 11.0
  /// Most segments of the inputs, and of the references, that are used: evenly spaced over all; nil for all.
  public var maximumSegments: Int?
  /// What each recording is brought to; nil to leave levels as they are.
  public var targetLUFS: Double? = AudioPreparation.standardLUFS
  /// Where the standard deviations of the angles between embeddings come from.
  public var scale = StyleLikelihood.Scale.profiled

  /// The published settings.
  public init() {}

  /// Everything that the objective depends on here, in one line.
  var text: String {
    "\(encoder.rawValue) alpha \(alpha) segments \(segmentSeconds) s loudness \(targetLUFS != nil) sigma "
      + "\(scaleText)" + (maximumSegments.map { " at most \($0) segments" } ?? "")
  }

  /// `profiled`, or two numbers in radians with a comma.
  package var scaleText: String {
    switch scale {
    case .profiled: "profiled"
    case .fixed(let mid, let side): "\(mid),\(side)"
    }
  }
}
