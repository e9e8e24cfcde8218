import FXParams
import FileOutput
import NumericCore
import PresetRegression

/// What a regression network learns from: features of processed stereo segments, each with the logits of the preset
/// that it was processed with. All segments have one length.
public struct RegressionExamples: Sendable {
  /// The parameters that the logits are of, in flat order.
  public let parameterNames: [String]
  /// Of the audio, in Hz.
  public let sampleRate: Double
  /// Length of a segment.
  public let segmentSeconds: Double
  /// Integrated loudness of each segment.
  public let loudnessLUFS: Double?
  /// Where the segments come from, in a few words for labels.
  public let origin: String
  /// Number of examples.
  public var count: Int { features.count }

  /// Per example [steps][rows], as `RegressionFeatures` has it.
  let features: [SignalBuffer<Float>]
  /// [count, D].
  let logits: Matrix
  /// What examples must share to be kept together: the preset or the song.
  let groups: [String]

  /// Samples of a segment.
  var frameCount: Int { Self.frameCount(seconds: segmentSeconds, sampleRate: sampleRate) }

  static func frameCount(seconds: Double, sampleRate: Double) -> Int { max(1, Int(seconds * sampleRate)) }

  /// Bytes of the features of one example.
  static func bytes(frameCount: Int) -> Int {
    4 * RegressionFeatures.stepCount(frameCount: frameCount) * RegressionFeatures.rowCount
  }

  /// - Throws: ``WorkflowError`` where the features of so many examples do not fit memory.
  static func requireMemory(count: Int, frameCount: Int, segmentSeconds: Double) throws {
    guard MemoryLimit.bytes(count: count, of: bytes(frameCount: frameCount)) == nil else { return }
    throw WorkflowError(
      .tooLarge,
      "The features of \(count) segments of \(NumberText.short(segmentSeconds)) s do not fit memory: train on "
        + "fewer or shorter segments.")
  }

  /// - Throws: ``WorkflowError`` for segments that are too short to have features.
  static func requireLength(frameCount: Int, segmentSeconds: Double) throws {
    guard frameCount < RegressionFeatures.minimumFrameCount else { return }
    throw WorkflowError(
      .unsuitableRecording,
      "Segments of \(NumberText.short(segmentSeconds)) s have \(frameCount) samples, of which no spectrum can be "
        + "taken: give longer ones.")
  }
}

/// Computes the features of segments; belongs to one thread.
final class ExampleFeatures {
  private let features: RegressionFeatures

  init(frameCount: Int, sampleRate: Double) {
    features = RegressionFeatures(frameCount: frameCount, sampleRate: sampleRate)
  }

  /// The features of a stereo segment; nil where one is not finite.
  func features(of channels: [[Float]]) -> SignalBuffer<Float>? {
    let result = SignalBuffer<Float>(count: features.stepCount * RegressionFeatures.rowCount)
    features.compute(left: channels[0], right: channels[1], into: result.pointer)
    let isFinite = UnsafeBufferPointer(start: result.pointer, count: result.count).allSatisfy(\.isFinite)
    return isFinite ? result : nil
  }
}
