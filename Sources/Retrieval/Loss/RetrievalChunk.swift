public import Inference

/// A stretch of a dry recording and the same stretch of the processed one.
public struct RetrievalChunk: Sendable {
  /// Mono samples at the chain's sample rate.
  public var dry: [Float]
  /// As many samples.
  public var wet: StereoSegment
  /// Samples at the beginning that are rendered but not measured: in them sounds the tail of what came before.
  public var warmUpFrames: Int

  /// - Precondition: dry and wet have one length, longer than the warm-up.
  public init(dry: [Float], wet: StereoSegment, warmUpFrames: Int) {
    precondition(dry.count == wet.frameCount, "\(dry.count) dry samples, \(wet.frameCount) wet ones")
    precondition(warmUpFrames >= 0 && warmUpFrames < dry.count, "A warm-up of \(warmUpFrames) of \(dry.count)")
    self.dry = dry
    self.wet = wet
    self.warmUpFrames = warmUpFrames
  }

  /// Samples that are measured.
  public var scoredFrames: Int { dry.count - warmUpFrames }
}
