import AudioFiles
public import FXParams
import Foundation
import NumericCore
public import StyleFeatures

/// The features of dry segments rendered through presets; belongs to one thread.
///
/// One renderer serves all segments, which have one length. Each rendering is brought to a loudness of its own
/// before it is embedded, and the embeddings of the segments of a preset are averaged, as those of a recording are.
public final class PairRenderer {
  private let renderer: any SegmentRendering
  private let embedder: SegmentEmbedder
  private let sampleRate: Double
  private let targetLUFS: Double?

  /// Makes the renderer and the encoder, once for all presets.
  ///
  /// - Parameters:
  ///   - chain: the chain of the presets.
  ///   - encoder: what embeds the renderings.
  ///   - frameCount: frames per segment.
  ///   - segmentCount: segments per preset.
  ///   - targetLUFS: what each rendering is brought to before it is embedded; nil to leave it as it is.
  public init(
    chain: ChainDescription, encoder: StyleEncoderKind, frameCount: Int, segmentCount: Int, targetLUFS: Double?
  ) {
    func makeRenderer<Scalar: SignalScalar>(_: Scalar.Type) -> any SegmentRendering {
      SegmentRenderer<Scalar>(chain: chain, frameCount: frameCount, segmentCount: segmentCount)
    }
    renderer = makeRenderer(encoder.precision)
    embedder = SegmentEmbedder(kind: encoder, sampleRate: chain.sampleRate)
    sampleRate = chain.sampleRate
    self.targetLUFS = targetLUFS
  }

  /// The mean of the mid and side embeddings of some segments; nil where a rendering is silent or not finite.
  ///
  /// - Parameters:
  ///   - segments: mono samples, as many segments and frames as the renderer was made for.
  ///   - logits: the preset [D], in flat order.
  public func features(of segments: [[Float]], logits: [Double]) throws -> [Double]? {
    var embeddings: [[Double]] = []
    for channels in renderer.render(segments, logits: logits) {
      guard let features = try features(ofRendering: channels) else { return nil }
      embeddings.append(features)
    }
    return SegmentEmbedder.mean(embeddings)
  }

  private func features(ofRendering channels: [[Float]]) throws -> [Double]? {
    var audio = AudioBuffer(channels: channels, sampleRate: sampleRate)
    guard audio.peak > 0, audio.peak.isFinite else { return nil }
    if let targetLUFS {
      let loudness = try audio.integratedLoudness(source: "a rendering")
      guard loudness.isFinite else { return nil }
      audio = audio.scaled(by: decibels(targetLUFS - loudness))
    }
    let features = try embedder.embed(audio.channels)
    return features.allSatisfy(\.isFinite) ? features : nil
  }
}

/// The linear gain of a level in dB.
func decibels(_ level: Double) -> Float { Float(pow(10, level / 20)) }
