import Foundation
public import NumericCore

/// What evaluations of a ``StereoLoss`` read: settings, windows and transforms for recordings of one length.
public final class StereoLossTables<Scalar: SignalScalar>: Sendable {
  /// Samples of a channel.
  public let frameCount: Int
  /// How much each distance counts.
  public let weights: StereoLossWeights

  let taps: SignalBuffer<Scalar>
  let resolutions: [Resolution]
  /// Samples that a frame centred on an end reaches beyond it.
  let margin: Int
  let dynamicScales: [LoudnessDynamicRangeDistance.Scale]
  /// [scale, 2]: of the short and of the long average.
  let dynamicCoefficients: SignalBuffer<Double>

  /// A resolution of the spectral distance; see ``SpectralFrames``.
  struct Resolution: Sendable {
    let size: Int
    let window: SignalBuffer<Scalar>
    let transform: RealFFT<Scalar>
    let frameCount: Int

    var hop: Int { size / 4 }
    var binCount: Int { transform.binCount }
    /// Numbers from one stored spectrum to the next: whole cache lines, as transforms need them.
    var stride: Int { (2 * binCount + 15) / 16 * 16 }

    init(size: Int, sampleCount: Int) {
      self.size = size
      window = SignalBuffer(
        (0..<size).map { Scalar(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(size))) })
      transform = RealFFT(count: size)
      frameCount = sampleCount / (size / 4) + 1
    }
  }

  /// The published settings.
  ///
  /// - Parameters:
  ///   - sampleRate: in Hz.
  ///   - frameCount: samples of a channel.
  ///   - weights: how much each distance counts.
  /// - Throws: as ``AWeighting/init(sampleRate:)``; ``MetricError/tooShort(samples:minimum:)`` below 1025 samples.
  public init(sampleRate: Double, frameCount: Int, weights: StereoLossWeights = .published) throws {
    let sizes = [128, 512, 2048]
    let minimum = (sizes.max() ?? 0) / 2 + 1
    guard frameCount >= minimum else { throw MetricError.tooShort(samples: frameCount, minimum: minimum) }
    self.frameCount = frameCount
    self.weights = weights
    taps = SignalBuffer(try AWeighting(sampleRate: sampleRate).taps.map { Scalar($0) })
    margin = (sizes.max() ?? 0) / 2
    resolutions = sizes.map { Resolution(size: $0, sampleCount: frameCount) }
    dynamicScales = LoudnessDynamicRangeDistance.publishedScales(sampleRate: sampleRate)
    dynamicCoefficients = SignalBuffer(dynamicScales.flatMap { [$0.shortCoefficient, $0.longCoefficient] })
  }

  /// Samples that the A-weighting reaches beyond an end.
  var reach: Int { taps.count / 2 }
}
