public import FXParams
import NumericCore
public import StyleFeatures

/// How well presets of a chain give dry segments the style of references: log p(z | theta, x) alone, without a
/// prior (arXiv 2505.11315).
///
/// An evaluation renders every dry segment, embeds it and compares it with the references' embeddings; reference
/// and prediction are divided by the references' peak. Workspaces are made once; one instance serves one caller at
/// a time.
public final class StyleComparison {
  /// The likelihood of the style of the references.
  public let likelihood: StyleLikelihood
  /// The embeddings of the references.
  public let references: [StyleEmbedding]
  /// The largest absolute sample of all references, by which both sides are divided.
  public let peak: Double
  /// The embeddings of the rendered inputs at the latest evaluation.
  public private(set) var predictions: [StyleEmbedding]

  private let renderer: any StyleRendering
  private var cotangents: [StyleEmbedding] = []

  /// - Parameters:
  ///   - chain: what is rendered through.
  ///   - encoder: the style embedding.
  ///   - references: stereo segments whose style is sought.
  ///   - inputs: dry mono segments at the chain's sample rate.
  ///   - scale: where the standard deviations of the angles come from.
  ///   - threads: most threads to use.
  /// - Throws: ``StylePosteriorError`` when there is no reference or input, a reference is silent or has no stereo
  ///   image; `StyleEncoderError` for segments shorter than an analysis frame.
  public init(
    chain: ChainDescription, encoder: StyleEncoderKind, references: [StereoSegment], inputs: [[Float]],
    scale: StyleLikelihood.Scale = .profiled, threads: Int = 1
  ) throws {
    try encoder.requireStyle()
    guard !references.isEmpty else { throw StylePosteriorError.noSegments(role: "reference") }
    guard !inputs.isEmpty else { throw StylePosteriorError.noSegments(role: "input") }
    let peak = references.map(\.peak).max() ?? 0
    guard peak > 0 else { throw StylePosteriorError.silentReference }
    // The encoders divide by the peak, since scaling the samples would round them once more.
    let gain = 1 / Double(peak)
    self.references = try references.enumerated().map { index, segment in
      let reference: any StyleEncoder<Float> = try encoder.makeEncoder(
        frameCount: segment.frameCount, sampleRate: chain.sampleRate, gain: gain)
      let embedding = try reference.encode(left: segment.left, right: segment.right)
      guard encoder.sideFeatureCount == 0 || embedding.side.contains(where: { $0 != 0 }) else {
        throw StylePosteriorError.monoReference(index: index)
      }
      return embedding
    }
    func makeRenderer<Scalar: SignalScalar>(_: Scalar.Type) throws -> any StyleRendering {
      try StyleRenderer<Scalar>(chain: chain, encoder: encoder, inputs: inputs, gain: gain, threads: threads)
    }
    renderer = try makeRenderer(encoder.precision)
    likelihood = try StyleLikelihood(
      referenceMid: self.references.map(\.mid), referenceSide: self.references.map(\.side), scale: scale)
    self.peak = Double(peak)
    let zeros = [Double](repeating: 0, count: encoder.featureCount)
    let sideZeros = [Double](repeating: 0, count: encoder.sideFeatureCount)
    predictions = inputs.map { _ in StyleEmbedding(mid: zeros, side: sideZeros) }
  }

  /// log p(z | theta, x); nil where the logits are not finite or the rendering has no finite embedding.
  ///
  /// - Throws: what the encoder throws.
  public func logLikelihood(at theta: [Double]) throws -> Double? {
    guard !theta.contains(where: { !$0.isFinite }),
      try Self.unlessNotFinite({ try renderer.render(theta, into: &predictions) }) != nil
    else { return nil }
    return likelihood.evaluate(predictions: predictions, gradient: &cotangents)
  }

  /// The audio of the inputs at the latest evaluation, in Float.
  package var rendering: [StereoSegment] { renderer.audio() }

  /// log p(z | theta, x) of inputs that were rendered before: the same as that of their preset where the encoder
  /// takes Float. Nil where they have no finite embedding.
  ///
  /// - Precondition: as many segments as there are inputs, of their lengths.
  /// - Throws: what the encoder throws.
  package func logLikelihood(ofRendering audio: [StereoSegment]) throws -> Double? {
    guard try Self.unlessNotFinite({ try renderer.embed(audio, into: &predictions) }) != nil else { return nil }
    return likelihood.evaluate(predictions: predictions, gradient: &cotangents)
  }

  /// log p(z | theta, x), whose gradient with respect to the logits overwrites `gradient`.
  ///
  /// - Precondition: finite logits, and a chain that is differentiable.
  /// - Throws: what the encoder throws.
  func logLikelihood(at theta: [Double], gradient: inout [Double]) throws -> Double {
    try renderer.render(theta, into: &predictions)
    let logLikelihood = likelihood.evaluate(predictions: predictions, gradient: &cotangents)
    try renderer.pullback(cotangents, into: &gradient)
    return logLikelihood
  }

  /// Nil where the encoder meets audio of which it can make no finite embedding: such a point is impossible, while
  /// an encoder that cannot compute at all is an error.
  static func unlessNotFinite<Result>(_ body: () throws -> Result) throws -> Result? {
    do { return try body() } catch StyleEncoderError.notFinite { return nil }
  }
}
