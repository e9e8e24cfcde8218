/// A log density: all that optimisers and samplers know of a problem.
///
/// Evaluations may reuse internal workspaces, so one instance serves one caller at a time.
public protocol LogDensity: AnyObject {
  /// Number of unconstrained coordinates.
  var dimension: Int { get }

  /// Whether there is a gradient. Methods that follow one refuse a density without.
  var isDifferentiable: Bool { get }

  /// Positions of coordinates along which the gradient has the slope of small ripples and not of the trend
  /// (`ChainDescription.oscillatoryPositions`): methods that follow it must move these by values.
  var oscillatoryPositions: [Int] { get }

  /// The log density at `theta` (up to a constant) with its terms, and its gradient, which is overwritten.
  ///
  /// A value that is NaN or -infinity says that the density is zero or unknown there; the gradient means nothing
  /// then.
  /// - Parameters:
  ///   - theta: `dimension` coordinates.
  ///   - gradient: `dimension` numbers: the derivative of ``DensityEvaluation/value``.
  /// - Precondition: the density is differentiable.
  func evaluate(at theta: [Double], gradient: inout [Double]) throws -> DensityEvaluation

  /// The log density with its terms, without the gradient where that saves work.
  func evaluate(at theta: [Double]) throws -> DensityEvaluation
}

extension LogDensity {
  public var isDifferentiable: Bool { true }
  public var oscillatoryPositions: [Int] { [] }

  public func evaluate(at theta: [Double]) throws -> DensityEvaluation {
    var gradient = [Double](repeating: 0, count: dimension)
    return try evaluate(at: theta, gradient: &gradient)
  }

  /// The log density alone.
  public func value(at theta: [Double]) throws -> Double { try evaluate(at: theta).value }
}

/// A log density at one point, in nats, and the terms it is made of.
public struct DensityEvaluation: Sendable, Hashable {
  /// What optimisers maximise and samplers follow: a weighted sum of the terms, see ``ObjectiveWeights``.
  public var value: Double
  /// The log-likelihood, before weighing.
  public var logLikelihood: Double
  /// The log-prior, before weighing.
  public var logPrior: Double

  public init(value: Double, logLikelihood: Double, logPrior: Double) {
    self.value = value
    self.logLikelihood = logLikelihood
    self.logPrior = logPrior
  }

  /// A density that does not tell a likelihood from a prior counts as a likelihood under a flat prior.
  public init(value: Double) {
    self.init(value: value, logLikelihood: value, logPrior: 0)
  }

  /// A point where the density is zero, unknown or out of reach.
  public static let impossible = DensityEvaluation(
    value: -.infinity, logLikelihood: -.infinity, logPrior: -.infinity)

  /// No term is NaN or infinite.
  var isFinite: Bool { value.isFinite && logLikelihood.isFinite && logPrior.isFinite }
}
