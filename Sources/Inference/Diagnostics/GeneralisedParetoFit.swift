import Foundation

/// The generalised Pareto distribution, with upper tail (1 + shape x / scale)^(-1 / shape), fitted to exceedances
/// over a threshold.
///
/// Zhang and Stephens, "A new and efficient estimation method for the generalized Pareto distribution",
/// Technometrics 51 (2009), doi:10.1198/tech.2009.08017, with the weak prior on the shape of Vehtari et al. (JMLR
/// 25(72), 2024): ten observations of shape 0.5.
struct GeneralisedParetoFit {
  /// The tail index: moments of order 1 / shape and above do not exist.
  let shape: Double
  let scale: Double

  /// - Parameter sorted: exceedances, ascending and positive, at least five.
  init(sorted: [Double]) {
    let count = sorted.count
    let size = Double(count)
    let candidates = 30 + Int(size.squareRoot())
    let quartile = sorted[Int(size / 4 + 0.5) - 1]
    let largest = sorted[count - 1]
    // Each candidate is -shape / scale.
    let ratios = (1...candidates).map { index in
      let root = (Double(candidates) / (Double(index) - 0.5)).squareRoot()
      return (1 - root) / (3 * quartile) + 1 / largest
    }
    func meanLog(_ ratio: Double) -> Double { sorted.reduce(0) { $0 + log1p(-ratio * $1) } / size }
    let profiles = ratios.map { ratio in
      let shape = meanLog(ratio)
      return size * (log(-(ratio / shape)) - shape - 1)
    }
    let weights = profiles.map { own in 1 / profiles.reduce(0) { $0 + exp($1 - own) } }
    let kept = ratios.indices.filter { weights[$0] >= 10 * Double.ulpOfOne }
    let total = kept.reduce(0) { $0 + weights[$1] }
    let ratio = kept.reduce(0) { $0 + ratios[$1] * weights[$1] / total }
    let shape = meanLog(ratio)
    scale = -shape / ratio
    self.shape = (size * shape + 10 * 0.5) / (size + 10)
  }

  /// The exceedance whose lower tail is `probability`, which is inside (0, 1).
  func quantile(_ probability: Double) -> Double {
    let neper = -log1p(-probability)
    return scale * (shape.magnitude < Double.ulpOfOne ? neper : expm1(shape * neper) / shape)
  }
}
