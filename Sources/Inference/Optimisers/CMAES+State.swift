import Foundation
import NumericCore

extension CMAES {
  /// The distribution that is drawn from, its paths, and the generation in progress.
  public struct State: OptimiserState {
    public internal(set) var stepCount = 0
    /// The centre of the next draws; empty before the first evaluation.
    public internal(set) var mean: [Double] = []
    /// The step size: the draws have the covariance sigma^2 C.
    public private(set) var sigma: Double
    private var covariance: Matrix
    private var shape: Shape
    private var sigmaPath: [Double]
    private var covariancePath: [Double]
    private var generation = 0
    /// (x - m) / sigma of the draws of this generation, and the losses told so far.
    private var draws: [[Double]] = []
    var losses: [Double] = []

    /// Square roots of C: B D and B D^-1 B^T.
    private struct Shape: Sendable, Hashable {
      let root: Matrix
      let inverseRoot: Matrix

      init?(_ covariance: Matrix) {
        guard let eigen = try? SymmetricEigen(covariance), eigen.values.allSatisfy({ $0 > 0 && $0.isFinite }) else {
          return nil
        }
        root = eigen.applying { $0.squareRoot() }
        inverseRoot = eigen.applying { 1 / $0.squareRoot() }
      }

      init(identity dimension: Int) { (root, inverseRoot) = (.identity(dimension), .identity(dimension)) }
    }

    init(dimension: Int, sigma: Double) {
      self.sigma = sigma
      covariance = .identity(dimension)
      shape = Shape(identity: dimension)
      sigmaPath = Array(repeating: 0, count: dimension)
      covariancePath = sigmaPath
    }

    // MARK: - Evolution

    /// The next draw.
    mutating func propose(using source: inout RandomSource) -> [Double] {
      var deviates = [Double](repeating: 0, count: mean.count)
      source.fillNormal(&deviates)
      let draw = shape.root * deviates
      draws.append(draw)
      return zip(mean, draw).map { $0 + sigma * $1 }
    }

    /// Equations 38 to 47 of the tutorial.
    mutating func evolve(_ constants: CMAConstants) {
      let order = losses.indices.sorted { losses[$0] < losses[$1] }
      let chosen = zip(constants.weights, order).map { (weight: $0, draw: draws[$1]) }
      (draws, losses) = ([], [])
      // A generation without a single finite loss tells nothing: the next one looks nearer.
      generation += 1
      var step = [Double](repeating: 0, count: mean.count)
      for (weight, draw) in chosen { for index in step.indices { step[index] += weight * draw[index] } }
      for index in mean.indices { mean[index] += sigma * step[index] }

      let whitened = shape.inverseRoot * step
      let mass = constants.effectiveMass
      blend(&sigmaPath, whitened, rate: constants.sigmaRate, mass: mass)
      let norm = dot(sigmaPath, sigmaPath).squareRoot()
      let settled = (1 - pow(1 - constants.sigmaRate, 2 * Double(generation))).squareRoot()
      let n = Double(mean.count)
      let isShort = norm / settled < (1.4 + 2 / (n + 1)) * constants.expectedNorm
      blend(
        &covariancePath, isShort ? step : [Double](repeating: 0, count: step.count), rate: constants.pathRate,
        mass: mass)
      adapt(chosen, constants, correction: isShort ? 0 : constants.pathRate * (2 - constants.pathRate))
      sigma *= exp(min(1, constants.sigmaRate / constants.sigmaDamping * (norm / constants.expectedNorm - 1)))
    }

    private func blend(_ path: inout [Double], _ step: [Double], rate: Double, mass: Double) {
      let gain = (rate * (2 - rate) * mass).squareRoot()
      for index in path.indices { path[index] = (1 - rate) * path[index] + gain * step[index] }
    }

    private mutating func adapt(
      _ chosen: [(weight: Double, draw: [Double])], _ constants: CMAConstants, correction: Double
    ) {
      let (one, mu) = (constants.rankOneRate, constants.rankMuRate)
      // sum_k v_k v_k^T of scaled rows is one product.
      var rows = covariancePath.map { one.squareRoot() * $0 }
      for (weight, draw) in chosen { rows += draw.map { (mu * weight).squareRoot() * $0 } }
      let added = Matrix(rows: chosen.count + 1, columns: mean.count, values: rows).gram()
      let kept = 1 - one - mu + one * correction
      var next = covariance
      for index in next.values.indices { next.values[index] = kept * next.values[index] + added.values[index] }
      // A covariance that rounding made indefinite is dropped, and the last one kept.
      if let shape = Shape(next) { (covariance, self.shape) = (next, shape) }
    }

    // MARK: - Storage

    public var arrays: [String: [Double]] {
      [
        "mean": mean, "covariance": covariance.values, "sigma_path": sigmaPath, "covariance_path": covariancePath,
        "draws": draws.flatMap { $0 }, "losses": losses.map { min($0, .greatestFiniteMagnitude) },
        "scalars": [sigma, Double(generation)],
      ]
    }

    public init?(stepCount: Int, dimension: Int, arrays: [String: [Double]]) {
      guard let mean = arrays["mean"], let covariance = arrays["covariance"], let sigmaPath = arrays["sigma_path"],
        let covariancePath = arrays["covariance_path"], let draws = arrays["draws"], let losses = arrays["losses"],
        let scalars = arrays["scalars"], scalars.count == 2, let generation = Int(exactly: scalars[1]),
        covariance.count == dimension * dimension, sigmaPath.count == dimension, covariancePath.count == dimension,
        mean.count == (stepCount == 0 ? 0 : dimension), dimension > 0, draws.count.isMultiple(of: dimension)
      else { return nil }
      self.init(dimension: dimension, sigma: scalars[0])
      self.covariance = Matrix(rows: dimension, columns: dimension, values: covariance)
      if generation > 0 {
        guard let shape = Shape(self.covariance) else { return nil }
        self.shape = shape
      }
      (self.stepCount, self.mean, self.generation, self.losses) = (stepCount, mean, generation, losses)
      (self.sigmaPath, self.covariancePath) = (sigmaPath, covariancePath)
      self.draws = stride(from: 0, to: draws.count, by: dimension).map { Array(draws[$0..<$0 + dimension]) }
    }
  }
}
