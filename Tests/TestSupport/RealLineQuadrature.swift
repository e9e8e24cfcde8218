import Foundation

/// Quadrature over the whole line that copes with tails of any power: x = centre + scale sinh(pi/2 sinh t), t on an
/// even grid (Takahasi & Mori 1974, doi:10.2977/prims/1195192451).
struct RealLineQuadrature {
  let nodes: [(x: Double, weight: Double)]

  /// Centred on the median of draws and scaled by half the interquartile range.
  init(draws: [Double], count: Int = 320) {
    let sorted = draws.sorted()
    let centre = sorted[sorted.count / 2]
    let scale = max((sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]) / 2, 1e-12)
    let limit = 3.6
    let step = 2 * limit / Double(count)
    nodes = (0...count).map { index in
      let t = -limit + Double(index) * step
      let inner = Double.pi / 2 * sinh(t)
      return (centre + scale * sinh(inner), step * scale * cosh(inner) * Double.pi / 2 * cosh(t))
    }
  }

  /// The integral of a density, and the largest distance between its distribution function and that of draws.
  func integralAndKolmogorovStatistic(
    of logDensity: (Double) -> Double, draws: [Double]
  ) -> (integral: Double, statistic: Double) {
    let sorted = draws.sorted()
    var cumulative = 0.0
    var statistic = 0.0
    var below = 0
    for node in nodes {
      let mass = node.weight * exp(logDensity(node.x))
      while below < sorted.count, sorted[below] <= node.x { below += 1 }
      // The trapezoidal rule gives half a node's mass to either side.
      let distance = (cumulative + mass / 2 - Double(below) / Double(sorted.count)).magnitude
      statistic = max(statistic, distance)
      cumulative += mass
    }
    return (cumulative, statistic)
  }
}
