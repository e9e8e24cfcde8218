import Foundation
import NumericCore

/// The descriptors of the MIR encoder, in their order.
package enum MIR {
  package static let descriptorCount = 6
  /// Added to, or the least of, every quantity that is divided by or put into a logarithm.
  package static let floor = 1e-8

  package static let logRMS = 0
  package static let logCrest = 1
  package static let logSpread = 2
  package static let logCentroid = 3
  package static let logBandwidth = 4
  package static let logFlatness = 5
}

/// Six descriptors of level and spectral shape of mid and side, four statistics each: 24 numbers per channel.
///
/// Per frame of 2048 samples (hop 1024, no padding): the level of the bare frame, see ``WaveformDescriptors``, and
/// the shape of its magnitude spectrum under a Hann window, see ``SpectralDescriptors``. ``TemporalEmbedding``
/// makes the vector: descriptor by descriptor, four moments each.
///
/// Logarithms of what may vanish are steep near silence: gradients are finite but can reach 1e16 where a frame
/// holds nothing but rounding noise. Exact zeros take the subgradient 0.
///
/// All of it is computed in Double, whatever the samples are: the flatness averages the logarithms of bins as faint
/// as 1e-9 of the loudest, where a Float transform leaves nothing but its own noise (embeddings off by 3e-4).
/// Source: the MIR feature set of arXiv 2505.11315.
///
/// Unchecked sendable: one caller at a time; its buffers are its own, or taken from a pool for the call.
final class MIREncoder<Scalar: SignalScalar>: StyleEncoder, @unchecked Sendable {
  let featureCount = MIR.descriptorCount * TemporalMoments.count
  let frameCount: Int
  private let midSide: MidSideSignal<Double>
  private let waveforms: [WaveformDescriptors]
  private let shapes: [SpectralDescriptors]
  private let embeddings: [TemporalEmbedding]

  init(frameCount: Int, gain: Double) {
    self.frameCount = frameCount
    let grid = FrameGrid(sampleCount: frameCount)
    midSide = MidSideSignal(count: frameCount, gain: gain)
    waveforms = (0..<2).map { _ in WaveformDescriptors(grid: grid) }
    shapes = (0..<2).map { _ in SpectralDescriptors(grid: grid) }
    embeddings = (0..<2).map { _ in
      TemporalEmbedding(featureCount: MIR.descriptorCount, frameCount: grid.count)
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func encode(
    left: UnsafePointer<Scalar>, right: UnsafePointer<Scalar>, into embedding: inout StyleEmbedding
  ) {
    midSide.load(left: left, right: right)
    for channel in 0..<2 {
      waveforms[channel].forward(midSide.signals[channel].pointer, into: embeddings[channel])
      shapes[channel].forward(midSide.signals[channel].pointer, into: embeddings[channel])
    }
    embeddings[0].embed(into: &embedding.mid)
    embeddings[1].embed(into: &embedding.side)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func pullback(
    _ cotangent: StyleEmbedding, left: UnsafeMutablePointer<Scalar>, right: UnsafeMutablePointer<Scalar>
  ) {
    embeddings[0].pullback(cotangent.mid)
    embeddings[1].pullback(cotangent.side)
    midSide.clearCotangents()
    for channel in 0..<2 {
      let target = midSide.cotangents[channel].pointer
      waveforms[channel].pullback(embeddings[channel], signal: midSide.signals[channel].pointer, into: target)
      shapes[channel].pullback(embeddings[channel], into: target)
    }
    midSide.pullback(left: left, right: right)
  }
}

// MARK: - Registration

extension StyleEncoderKind {
  /// Six descriptors of level and spectral shape with four statistics over time each (arXiv 2505.11315).
  public static let mir = StyleEncoderKind(MIR.Registration())
}

extension MIR {
  struct Registration: StyleEncoderRegistration {
    let name = "mir"
    let featureCount = descriptorCount * TemporalMoments.count
    /// The flatness averages logarithms of bins that lie as far below the loudest as Float's rounding does, which
    /// moves its gradient by ten per cent and its embedding by 2e-3.
    let precision: any SignalScalar.Type = Double.self

    func makeEncoder<Scalar: SignalScalar>(
      frameCount: Int, sampleRate _: Double, gain: Double, team _: ThreadTeam, scratch _: StyleScratch<Scalar>?
    ) -> any StyleEncoder<Scalar> {
      MIREncoder<Scalar>(frameCount: frameCount, gain: gain)
    }
  }
}
