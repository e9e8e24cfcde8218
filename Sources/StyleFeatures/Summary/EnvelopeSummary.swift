import Foundation

/// The envelope of one channel: levels of blocks of ``blockLength`` samples in dB.
///
/// Percentiles of the levels; percentiles of their differences over 1, 4 and 16 blocks (6, 23 and 93 ms at
/// 44.1 kHz), which tell attack and release; and their autocorrelation at lags of 0.1 to 1 s, which tells echoes.
enum EnvelopeSummary {
  static let blockLength = 256
  static let levelPercents: [Double] = [1, 5, 10, 25, 50, 75, 90, 95, 99]
  static let differenceBlocks = [1, 4, 16]
  static let differencePercents: [Double] = [5, 25, 50, 75, 95]
  /// Lags in seconds, equidistant.
  static let lags = (0..<16).map { 0.1 + 0.06 * Double($0) }

  static let count = levelPercents.count + differenceBlocks.count * differencePercents.count + lags.count

  /// Twice the longest lag.
  static func minimumFrameCount(sampleRate: Double) -> Int { Int((2 * (lags.last ?? 0) * sampleRate).rounded(.up)) }

  /// - Parameters:
  ///   - levels: of consecutive blocks, in dB.
  ///   - blockRate: blocks per second.
  static func append(_ levels: [Double], blockRate: Double, to features: inout [Double]) {
    features += SeriesStatistics.percentiles(levels, at: levelPercents)
    for distance in differenceBlocks {
      let changes = (distance..<levels.count).map { levels[$0] - levels[$0 - distance] }
      features += SeriesStatistics.percentiles(changes, at: differencePercents)
    }
    let mean = levels.reduce(0, +) / Double(levels.count)
    let centred = levels.map { $0 - mean }
    let power = centred.reduce(0) { $0 + $1 * $1 }
    for lag in lags {
      let blocks = Int((lag * blockRate).rounded())
      var sum = 0.0
      for index in blocks..<centred.count { sum += centred[index] * centred[index - blocks] }
      // A level that does not change has no echoes.
      features.append(power > 1e-9 * Double(levels.count) ? sum / power : 0)
    }
  }
}
