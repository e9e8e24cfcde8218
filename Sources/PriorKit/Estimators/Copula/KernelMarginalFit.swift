import Distributions
import Foundation
import NumericCore

/// Fits a `KernelMarginal`: bandwidth and weight of the tails maximise the leave-one-out likelihood (Duin 1976,
/// doi:10.1109/TC.1976.1674577), over a grid around the normal reference rule.
///
/// Values further from the median than ``outlierReach`` times the width of the central nine tenths get no kernel:
/// their weight goes to the tails, so that one preset at 1e6 does not stretch the grid.
struct KernelMarginalFit {
  /// The share of the tails, or nil to choose it from ``tailShares``.
  var tailShare: Double?
  /// The deviation of normal tails on either side, or nil for Student-t tails.
  var normalTailDeviation: Double?

  static let tailShares = [0.003, 0.01, 0.03, 0.1, 0.2, 0.35]
  static let outlierReach = 20.0
  /// Bandwidths from 2 down to 1/4 of about the reference rule, a fourth root of 2 apart.
  private static let largestBandwidth = 2.0.squareRoot().squareRoot() * 3
  private static let maximumBins = 4096.0
  /// How far from the centre normal tails lie, in deviations of the values.
  private static let normalTailDistance = 2.0

  /// - Precondition: the values are finite and not all equal.
  func fit(_ values: [Double], weights: [Double]) -> KernelMarginal {
    let all = ColumnSample(values: values, weights: weights)
    let centre = all.quantile(0.5)
    let width = all.quantile(0.95) - all.quantile(0.05)
    let reach = width > 0 ? Self.outlierReach * width : .infinity
    let inner = all.filter(within: reach, of: centre) ?? all
    let outlierShare = 1 - inner.totalWeight / all.totalWeight
    // Where most values coincide the robust deviation is zero or nearly so, and says nothing.
    let deviation = max(inner.moments.deviation, width > 0 ? 0 : all.moments.deviation)
    let usedDeviation = deviation > 0 ? deviation : all.moments.deviation
    let robust = inner.robustDeviation
    let spread = robust > 0.05 * usedDeviation ? min(robust, usedDeviation) : usedDeviation
    let tailScale = normalTailDeviation ?? usedDeviation
    let tailSpread = Self.normalTailDistance * usedDeviation / tailScale
    let reference = 1.06 * spread * pow(inner.effectiveCount, -0.2)
    let tails = inner.values.map { value in
      let position = (value - centre) / tailScale
      guard normalTailDeviation != nil else {
        return exp(StandardStudentT(degreesOfFreedom: 3).logDensity(position)) / tailScale
      }
      let sides =
        exp(StandardNormal.logDensity(position - tailSpread))
        + exp(StandardNormal.logDensity(position + tailSpread))
      return 0.5 * sides / tailScale
    }
    let choice = bandwidthAndTailShare(inner, reference: reference, tails: tails)
    let range = inner.values[inner.values.count - 1] - inner.values[0]
    let spacing = max(choice.bandwidth / 2, range / Self.maximumBins)
    let grid = Self.grid(inner, bandwidth: max(choice.bandwidth, 2 * spacing), spacing: spacing)
    return KernelMarginal(
      origin: grid.origin, spacing: spacing, masses: grid.masses,
      tailShare: outlierShare + (1 - outlierShare) * choice.tailShare, tailCentre: centre, tailScale: tailScale,
      tail: normalTailDeviation == nil ? .studentT : .normals(spread: tailSpread))
  }

  private func bandwidthAndTailShare(
    _ sample: ColumnSample, reference: Double, tails: [Double]
  ) -> (bandwidth: Double, tailShare: Double) {
    let largest = reference * Self.largestBandwidth
    let sums = Self.leaveOneOutSums(sample, largestBandwidth: largest)
    var best = (score: -Double.infinity, bandwidth: reference, tailShare: tailShare ?? 0.1)
    for step in 0..<16 {
      let bandwidth = largest * exp2(-0.25 * Double(step))
      let normaliser = 1 / (bandwidth * (2 * Double.pi).squareRoot())
      for share in tailShare.map({ [$0] }) ?? Self.tailShares {
        var score = 0.0
        for (index, weight) in sample.weights.enumerated() {
          let others = max(sample.totalWeight - weight, .leastNormalMagnitude)
          let kernel = sums[index][step] * normaliser / others
          score += weight * log((1 - share) * kernel + share * tails[index])
        }
        if score > best.score { best = (score, bandwidth, share) }
      }
    }
    return (best.bandwidth, best.tailShare)
  }

  /// sum_{j != i} w_j exp(-(x_i - x_j)^2 / 2 h_k^2) for h_k = h_0 2^(-k/4), k = 0 ..< 16.
  ///
  /// Two steps on, the exponent has doubled and the exponential is squared, so that a pair takes two exponentials.
  private static func leaveOneOutSums(_ sample: ColumnSample, largestBandwidth: Double) -> [SIMD16<Double>] {
    var sums = [SIMD16<Double>](repeating: .zero, count: sample.values.count)
    for first in sample.values.indices {
      for second in 0..<first {
        let distance = (sample.values[first] - sample.values[second]) / largestBandwidth
        let exponent = -0.5 * distance * distance
        // Sorted values: all before `second` are farther, but those after it may be near.
        guard exponent > -700 else { continue }
        var even = exp(exponent)
        var odd = exp(exponent * 2.0.squareRoot())
        var kernels = SIMD16<Double>()
        for step in stride(from: 0, to: 16, by: 2) {
          kernels[step] = even
          kernels[step + 1] = odd
          even *= even
          odd *= odd
        }
        sums[first] += sample.weights[second] * kernels
        sums[second] += sample.weights[first] * kernels
      }
    }
    return sums
  }

  /// Masses of a Gaussian kernel density at the knots of a grid that holds it.
  ///
  /// The spline adds spacing^2 / 3 to the variance; the kernels give that up.
  private static func grid(
    _ sample: ColumnSample, bandwidth: Double, spacing: Double
  ) -> (origin: Double, masses: [Double]) {
    let kernel = (bandwidth * bandwidth - spacing * spacing / 3).squareRoot()
    let reach = 6 * kernel
    let origin = sample.values[0] - reach
    let count = Int(((sample.values[sample.values.count - 1] + reach - origin) / spacing).rounded(.up)) + 1
    var masses = [Double](repeating: 0, count: count)
    for (value, weight) in zip(sample.values, sample.weights) {
      let first = max(0, Int((value - reach - origin) / spacing))
      let last = min(count - 1, Int(((value + reach - origin) / spacing).rounded(.up)))
      for knot in first...last {
        let distance = (origin + Double(knot) * spacing - value) / kernel
        masses[knot] += weight * exp(-0.5 * distance * distance)
      }
    }
    let total = masses.reduce(0, +)
    return (origin, masses.map { $0 / total })
  }
}
