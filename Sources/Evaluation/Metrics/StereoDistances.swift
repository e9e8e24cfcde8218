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
  private let frames: [SpectralFrames]
  private let dynamicScales: [LoudnessDynamicRangeDistance.Scale]

  /// The published settings at a sample rate in Hz.
  ///
  /// - Throws: as ``AWeighting/init(sampleRate:)``.
  public init(sampleRate: Double = 44100) throws {
    weighting = try AWeighting(sampleRate: sampleRate)
    frames = [128, 512, 2048].map(SpectralFrames.init(size:))
    dynamicScales = LoudnessDynamicRangeDistance.publishedScales(sampleRate: sampleRate)
  }

  /// Measures a prediction against a target, both [2, samples].
  ///
  /// - Throws: ``MetricError`` if they differ in shape, are not stereo, are shorter than 1025 samples or hold
  ///   samples that are not finite.
  public func values(prediction: Matrix, target: Matrix) throws -> Values {
    try requireComparable(
      prediction, target, view: .midSide, minimumSamples: frames.map(\.minimumSamples).max() ?? 1)
    let (count, blockLength) = (prediction.columns, WeightedBlocks.length)
    let longest = frames.map(\.size).max() ?? 0
    let predicted = WeightedBlocks(weighting, longestFrame: longest)
    let wanted = WeightedBlocks(weighting, longestFrame: longest)
    var spectra = frames.map(SpectralComparison.init)
    var dynamics = StereoDynamics(dynamicScales, sampleCount: count, blockLength: blockLength)
    // Frames are centred on 0 through the end itself.
    for start in stride(from: 0, through: count, by: blockLength) {
      predicted.load(prediction, from: start)
      wanted.load(target, from: start)
      let centres = min(blockLength, count + 1 - start)
      for index in spectra.indices { spectra[index].add(prediction: predicted, target: wanted, length: centres) }
      dynamics.add(prediction: prediction, target: target, from: start, length: min(blockLength, count - start))
    }
    return values(spectra.map(\.sums), dynamics)
  }

  private func values(_ scales: [SpectralComparison.Sums], _ dynamics: StereoDynamics) -> Values {
    var values = Values()
    let weight = 1 / Double(scales.count)
    for sums in scales {
      values.spectralLeftRight += weight * SpectralSums.distance([sums.left, sums.right])
      values.spectralMidSide +=
        weight * 0.5 * (SpectralSums.distance([sums.sum]) + SpectralSums.distance([sums.difference]))
      let floor = sums.sum.squaredTarget * pow(10, Self.sideFloorDB / 10)
      values.flooredSpectralMidSide +=
        weight * 0.5
        * (SpectralSums.distance([sums.sum])
          + SpectralSums.distance([sums.difference], minimumSquaredTarget: floor))
    }
    (values.dynamicRangeLeftRight, values.dynamicRangeMidSide) = dynamics.distances
    return values
  }
}
