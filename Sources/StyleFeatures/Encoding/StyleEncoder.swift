/// A style embedding of stereo audio and its pullback.
///
/// The two channels are turned to mid (L + R)/sqrt 2 and side (L - R)/sqrt 2; each is described by ``featureCount``
/// numbers, scaled to unit L2 norm. Samples are expected within about -1e9 ... 1e9; silence, in one channel or in
/// both, is a valid input with a finite embedding and a finite gradient. An encoder that hears both channels as one
/// gives a mid embedding alone.
///
/// Those without trained weights never throw. A network, or an encoder in another process, throws where it cannot
/// compute, and for an embedding that is not finite.
///
/// An encoder is made for one segment length
/// (``StyleEncoderKind/makeEncoder(frameCount:sampleRate:gain:team:scratch:)``) and owns its workspaces: a call
/// allocates nothing, and one instance serves one thread at a time. A pullback belongs to the latest encoding and
/// may be called any number of times for it.
public protocol StyleEncoder<Scalar>: AnyObject, Sendable {
  /// The type of the samples, `Float` or `Double`.
  associatedtype Scalar

  /// Numbers per channel of the embedding.
  var featureCount: Int { get }
  /// Samples per channel that ``encode(left:right:)`` reads.
  var frameCount: Int { get }

  /// Embeds `frameCount` samples of each channel. The samples are not kept: the pointers may die with the call.
  ///
  /// - Parameters:
  ///   - left: `frameCount` samples of the left channel.
  ///   - right: `frameCount` samples of the right channel.
  ///   - embedding: overwritten; its arrays are reused where they have ``featureCount`` numbers.
  func encode(
    left: UnsafePointer<Scalar>, right: UnsafePointer<Scalar>, into embedding: inout StyleEmbedding) throws

  /// Pulls cotangents of the embedding back to the samples of the latest encoding, overwriting
  /// `left` and `right` (`frameCount` samples each). Samples that no analysis frame covers receive zero.
  ///
  /// - Precondition: both cotangents have `featureCount` numbers and something was encoded before.
  func pullback(
    _ cotangent: StyleEmbedding, left: UnsafeMutablePointer<Scalar>, right: UnsafeMutablePointer<Scalar>) throws
}

extension StyleEncoder {
  /// The embedding of `frameCount` samples of each channel.
  public func encode(left: UnsafePointer<Scalar>, right: UnsafePointer<Scalar>) throws -> StyleEmbedding {
    var embedding = StyleEmbedding(mid: [], side: [])
    try encode(left: left, right: right, into: &embedding)
    return embedding
  }
}

/// Unit vectors that describe the style of the mid and of the side channel.
public struct StyleEmbedding: Sendable, Hashable {
  /// Of (L + R)/sqrt 2, with `featureCount` numbers and unit L2 norm.
  public var mid: [Double]
  /// Of (L - R)/sqrt 2, likewise; empty where one embedding describes both channels.
  public var side: [Double]

  public init(mid: [Double], side: [Double]) {
    self.mid = mid
    self.side = side
  }
}
