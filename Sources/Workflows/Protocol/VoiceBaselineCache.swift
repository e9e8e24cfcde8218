import FXParams
import Synchronization

/// Baselines of voices that several tracks share.
final class VoiceBaselineCache: Sendable {
  private let known = Mutex<[String: [Double]]>([:])

  /// The baseline that was made for these segments, or a new one.
  ///
  /// - Parameter owner: what the baseline belongs to besides: a prior's file.
  func features(
    owner: String, chain: ChainDescription, segments: [[Float]], make: () throws -> [Double]
  ) throws -> [Double] {
    let key = try owner + "\n" + RenderingCache.Material(chain: chain, inputs: segments).digest
    if let features = known.withLock({ $0[key] }) { return features }
    let features = try make()
    known.withLock { $0[key] = features }
    return features
  }
}
