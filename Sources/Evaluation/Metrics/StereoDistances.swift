import Foundation
public import NumericCore

/// All distances of one stereo recording from another at once: MSS and MLDR, of left and right and of mid and side.
///
/// The values are those of ``MultiScaleSpectralDistance`` and ``LoudnessDynamicRangeDistance`` to rounding, without
/// gradients. The spectra of sum and difference are sums and differences of spectra, so that both views share their
/// transforms.
public struct StereoDistances: Sendable {
  /// The distances of one pair.
  public struct Values: Sendable, Hashable {
    /// MSS of left and right.
    public var spectralLeftRight = 0.0
    /// MSS of sum and difference.
    public var spectralMidSide = 0.0
    /// MSS of sum and difference, where the reference's side counts as no weaker than ``sideFloorDB`` below its
    /// mid.
    ///
    /// Spectral convergence divides by the energy of the reference. Where its side is next to nothing, as in a
    /// recording that is nearly mono, the published distance is ruled by that division. This is an addition.
    public var flooredSpectralMidSide = 0.0
    /// MLDR of left and right.
    public var dynamicRangeLeftRight = 0.0
    /// MLDR of mid and side.
    public var dynamicRangeMidSide = 0.0

    /// No distance at all.
    public init() {}
  }

  /// The least level of the reference's side below its mid, in dB, for ``Values/flooredSpectralMidSide``.
  public static let sideFloorDB = -30.0

  private let weighting: AWeighting
  private let scales: [SpectralComparison]
  private let dynamics: DynamicRangeComparison

  /// The published settings at a sample rate in Hz.
  ///
  /// - Throws: as ``AWeighting/init(sampleRate:)``.
  public init(sampleRate: Double = 44100) throws {
    weighting = try AWeighting(sampleRate: sampleRate)
    scales = [128, 512, 2048].map(SpectralComparison.init(size:))
    dynamics = DynamicRangeComparison(sampleRate: sampleRate)
  }

  /// Measures a prediction against a target, both [2, samples].
  ///
  /// - Throws: ``MetricError`` if they differ in shape, are not stereo, are shorter than 1025 samples or hold
  /// samples
  ///   that are not finite.
  public func values(prediction: Matrix, target: Matrix) throws -> Values {
    try requireComparable(
      prediction, target, view: .midSide, minimumSamples: scales.map(\.minimumSamples).max() ?? 1)
    let (predicted, wanted) = (weighting.apply(prediction), weighting.apply(target))
    var values = Values()
    let weight = 1 / Double(scales.count)
    for scale in scales {
      let sums = scale.sums(prediction: predicted, target: wanted)
      values.spectralLeftRight += weight * SpectralSums.distance([sums.left, sums.right])
      values.spectralMidSide +=
        weight * 0.5 * (SpectralSums.distance([sums.sum]) + SpectralSums.distance([sums.difference]))
      let floor = sums.sum.squaredTarget * pow(10, Self.sideFloorDB / 10)
      values.flooredSpectralMidSide +=
        weight * 0.5
        * (SpectralSums.distance([sums.sum])
          + SpectralSums.distance([sums.difference], minimumSquaredTarget: floor))
    }
    (values.dynamicRangeLeftRight, values.dynamicRangeMidSide) = dynamics.distances(
      prediction: prediction, target: target)
    return values
  }
}
