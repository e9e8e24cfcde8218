import Foundation

/// The step size of a leapfrog integrator, learned so that the mean acceptance meets a target.
///
/// After transition m with acceptance a, h += (target - a - h) / (m + t0), log eps = mu - sqrt(m) / gamma h, and
/// the average of log eps has weights m^-kappa; gamma 0.05, t0 10, kappa 0.75, mu = log(10 eps_0).
///
/// Source: Hoffman & Gelman, "The No-U-Turn sampler", JMLR 15 (2014), section 3.2.
public struct DualAveraging: SamplerMemory {
  public static let count = 5

  private var centre: Double
  private var shortfall = 0.0
  private var logStep: Double
  private var averageLogStep = 0.0
  private var updates = 0.0

  /// - Precondition: the first step size is positive and finite.
  public init(firstStep: Double) {
    precondition(firstStep > 0 && firstStep.isFinite, "A first step size of \(firstStep)")
    centre = log(10 * firstStep)
    logStep = log(firstStep)
  }

  /// The step size to use: the latest one while warming up, then the average.
  public func stepSize(isWarmUp: Bool) -> Double { exp(isWarmUp || updates == 0 ? logStep : averageLogStep) }

  /// Learns from one transition.
  public mutating func update(acceptance: Double, target: Double) {
    updates += 1
    shortfall += (target - acceptance - shortfall) / (updates + 10)
    logStep = centre - updates.squareRoot() / 0.05 * shortfall
    averageLogStep += pow(updates, -0.75) * (logStep - averageLogStep)
  }

  // MARK: - Storage

  public var numbers: [Double] { [centre, shortfall, logStep, averageLogStep, updates] }

  public init(numbers: [Double]) {
    precondition(numbers.count == Self.count, "\(numbers.count) numbers of a step size")
    (centre, shortfall, logStep, averageLogStep) = (numbers[0], numbers[1], numbers[2], numbers[3])
    updates = numbers[4]
  }
}
