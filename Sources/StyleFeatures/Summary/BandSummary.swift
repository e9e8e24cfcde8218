import Foundation

/// Five statistics over time of the level of one mel band: mean, standard deviation and skewness, and the 10th and
/// the 90th percentile, in dB but for the skewness.
enum BandSummary {
  static let count = 5
  /// Least deviation in dB that has a skewness.
  private static let leastDeviationDB = 0.1

  static func append(_ levels: [Double], to features: inout [Double]) {
    let moments = SeriesStatistics.moments(levels, floor: leastDeviationDB)
    features += [moments.mean, moments.deviation, moments.skewness]
    features += SeriesStatistics.percentiles(levels, at: [10, 90])
  }
}

/// How fast the level of several bands together falls: the 10th and the 25th percentile of its change over four
/// frames (93 ms at 44.1 kHz), in dB per frame. Decays of a reverberation are lower bounds of falls.
enum DecaySummary {
  static let count = 2
  private static let frames = 4

  static func append(_ levels: [Double], to features: inout [Double]) {
    let lag = min(frames, levels.count - 1)
    guard lag > 0 else {
      features += [0, 0]
      return
    }
    let changes = (lag..<levels.count).map { (levels[$0] - levels[$0 - lag]) / Double(lag) }
    features += SeriesStatistics.percentiles(changes, at: [10, 25])
  }
}

/// The stereo image of one mel band, from powers of left and right and their product: correlation over all frames,
/// level of left above right in dB, and standard deviation of the balance (L - R) / (L + R) of single frames, which
/// an echo that changes sides makes large.
enum ImageSummary {
  static let count = 3
  /// Powers below this share of the louder channel's count as this share.
  private static let leastShare = 1e-9

  /// - Parameters:
  ///   - mid: powers of the frames.
  ///   - side: likewise.
  ///   - cross: real parts of the products of mid and conjugate side.
  ///   - floor: a power that is next to nothing; frames below it are left out of the balance.
  static func append(
    mid: [Double], side: [Double], cross: [Double], floor: Double, to features: inout [Double]
  ) {
    let (middle, edge, product) = (mid.reduce(0, +), side.reduce(0, +), cross.reduce(0, +))
    // L = (M + S) / sqrt 2, R = (M - S) / sqrt 2.
    let least = leastShare * (middle + edge) + floor
    let left = max((middle + edge) / 2 + product, least)
    let right = max((middle + edge) / 2 - product, least)
    features.append((middle - edge) / 2 / (left * right).squareRoot())
    features.append(10 * log10(left / right))
    let balances = mid.indices.compactMap { frame in
      let total = mid[frame] + side[frame]
      return total > floor ? 2 * cross[frame] / total : nil
    }
    features.append(balances.isEmpty ? 0 : SeriesStatistics.moments(balances, floor: 0).deviation)
  }
}
