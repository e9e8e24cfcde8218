public import Distributions
import Foundation
public import NumericCore

/// Elliptical slice sampling: no gradient, no step size, no refusals.
///
/// The target is written as q(z) r(z), where q is a Gaussian about the origin of the white coordinates and log r =
/// log target - log q. A draw nu of q and the present z span an ellipse z cos t + nu sin t on which q is constant;
/// a point of it with r above a random level is found by shrinking an arc that holds z. For a Gaussian prior in its
/// own coordinates q is the prior and r the likelihood; for other priors q approximates the prior and r weighs by
/// prior over q.
///
/// With finite `degreesOfFreedom` q is a Student-t: it is Gaussian of variance s, given s, and s is drawn anew
/// given z before each step (inverse gamma of shape (nu + D) / 2 and scale (nu + |z|^2) / 2), so that r stays
/// bounded where a prior has heavy tails.
///
/// Sources: Murray, Adams & MacKay, "Elliptical slice sampling", AISTATS 2010, arXiv 1001.0175; Nishihara, Murray &
/// Adams, "Parallel MCMC with generalized elliptical slice sampling", JMLR 15 (2014), arXiv 1210.7477.
public struct EllipticalSlice: Sampler {
  /// nu of q, infinity for a Gaussian.
  public let degreesOfFreedom: Double
  /// Transitions for one draw.
  public let thinning: Int

  /// - Precondition: the degrees of freedom and the thinning are positive.
  public init(degreesOfFreedom: Double = .infinity, thinning: Int = 1) {
    precondition(degreesOfFreedom > 0, "Student's t with \(degreesOfFreedom) degrees of freedom")
    precondition(thinning > 0, "A draw of \(thinning) transitions")
    self.degreesOfFreedom = degreesOfFreedom
    self.thinning = thinning
  }

  /// The sampler that suits a prior in its own white coordinates: a Gaussian for a Gaussian, a Student-t of the
  /// same tails for a Student-t, and a Student-t of five degrees of freedom for families whose tails are not known.
  public init(suiting density: any Distribution, thinning: Int = 1) {
    switch density {
    case let pinned as PinnedDistribution: self.init(suiting: pinned.free, thinning: thinning)
    case is MultivariateNormal: self.init(thinning: thinning)
    case let student as StudentT:
      self.init(degreesOfFreedom: student.distribution.degreesOfFreedom, thinning: thinning)
    default: self.init(degreesOfFreedom: 5, thinning: thinning)
    }
  }

  public let name = "ess"
  public var settings: [String: String] {
    ["degrees_of_freedom": "\(degreesOfFreedom)", "thinning": "\(thinning)"]
  }

  /// What the sampler reports of a draw.
  public struct Info: SamplerInfo {
    /// The log density at the draw.
    public var logDensity = 0.0
    /// Evaluations of the density.
    public var evaluationCount = 0.0

    public init() {}

    public static var fields: [SamplerInfoField<Info>] {
      [.init("lp", \.logDensity), .init("n_steps", \.evaluationCount)]
    }
  }

  public func step(
    _ point: inout MarkovChainPoint, memory: inout NoMemory, isWarmUp: Bool, target: SamplingTarget,
    source: inout RandomSource
  ) throws -> Info {
    let before = target.evaluationCount
    for _ in 0..<thinning { try slice(&point, target: target, source: &source) }
    var info = Info()
    info.logDensity = point.value
    info.evaluationCount = Double(target.evaluationCount - before)
    return info
  }

  private func slice(_ point: inout MarkovChainPoint, target: SamplingTarget, source: inout RandomSource) throws {
    let start = point.position
    var other = [Double](repeating: 0, count: start.count)
    source.fillNormal(&other)
    if degreesOfFreedom.isFinite {
      let shape = (degreesOfFreedom + Double(start.count)) / 2
      let scale = ((degreesOfFreedom + dot(start, start)) / 2 / source.nextGamma(shape: shape)).squareRoot()
      for index in other.indices { other[index] *= scale }
    }
    let level = residual(of: point) + log(source.nextUniform())
    var angle = 2 * Double.pi * source.nextUniform()
    var (lower, upper) = (angle - 2 * Double.pi, angle)
    // The arc shrinks onto the present point, which is above the level: 200 halvings are its last digit.
    for _ in 0..<200 {
      let position = zip(start, other).map { $0 * cos(angle) + $1 * sin(angle) }
      let trial = try target.point(at: position, withGradient: false)
      if trial.isPossible, residual(of: trial) > level {
        point = trial
        return
      }
      if angle < 0 { lower = angle } else { upper = angle }
      angle = lower + (upper - lower) * source.nextUniform()
    }
  }

  /// log r but for a constant.
  private func residual(of point: MarkovChainPoint) -> Double {
    let square = dot(point.position, point.position)
    guard degreesOfFreedom.isFinite else { return point.value + square / 2 }
    let exponent = (degreesOfFreedom + Double(point.position.count)) / 2
    return point.value + exponent * log1p(square / degreesOfFreedom)
  }
}
