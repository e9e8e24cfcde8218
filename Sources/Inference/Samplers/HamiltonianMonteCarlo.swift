import Foundation
public import NumericCore

/// Hamiltonian Monte Carlo: a leapfrog path of about a given length, accepted or refused as a whole.
///
/// The number of steps is the path length over the step size, times a uniform factor of 0.5 to 1.5 so that no
/// period of the target is met for ever; the step size is learned by ``DualAveraging``. In white coordinates of the
/// prior the mass matrix is the inverse of the prior's covariance.
///
/// Sources: Neal, "MCMC using Hamiltonian dynamics", arXiv 1206.1901; Hoffman & Gelman, JMLR 15 (2014).
public struct HamiltonianMonteCarlo: Sampler {
  /// The mean acceptance that the step size is adapted to, in (0, 1).
  public let targetAcceptance: Double
  /// In units of time: pi / 2 takes a standard normal to an independent point.
  public let pathLength: Double
  /// No path has more steps.
  public let maximumSteps: Int

  /// - Precondition: the target is in 0..<1 and not 0, the length positive and finite, the limit positive.
  public init(targetAcceptance: Double = 0.8, pathLength: Double = .pi / 2, maximumSteps: Int = 1000) {
    precondition(targetAcceptance > 0 && targetAcceptance < 1, "A target acceptance of \(targetAcceptance)")
    precondition(pathLength > 0 && pathLength.isFinite, "A path of length \(pathLength)")
    precondition(maximumSteps > 0, "A path of at most \(maximumSteps) steps")
    self.targetAcceptance = targetAcceptance
    self.pathLength = pathLength
    self.maximumSteps = maximumSteps
  }

  public let name = "hmc"
  public var settings: [String: String] {
    [
      "target_acceptance": "\(targetAcceptance)", "path_length": "\(pathLength)",
      "maximum_steps": "\(maximumSteps)",
    ]
  }

  /// What the sampler reports of a path.
  public struct Info: SamplerInfo {
    /// The log density at the draw.
    public var logDensity = 0.0
    /// The probability of accepting the end of the path.
    public var acceptanceRate = 0.0
    /// The step size of the path.
    public var stepSize = 0.0
    /// Leapfrog steps.
    public var stepCount = 0.0
    /// 1 for a path that diverged, else 0.
    public var diverging = 0.0
    /// Potential and kinetic energy at the start of the path.
    public var energy = 0.0
    /// Energy of the draw less that of the start; 0 where the path was refused.
    public var energyError = 0.0

    public init() {}

    public static var fields: [SamplerInfoField<Info>] {
      [
        .init("lp", \.logDensity), .init("acceptance_rate", \.acceptanceRate), .init("step_size", \.stepSize),
        .init("n_steps", \.stepCount), .init("diverging", \.diverging), .init("energy", \.energy),
        .init("energy_error", \.energyError),
      ]
    }
  }

  public func step(
    _ point: inout MarkovChainPoint, memory: inout DualAveraging, isWarmUp: Bool, target: SamplingTarget,
    source: inout RandomSource
  ) throws -> Info {
    try OscillatorySlices.move(&point, target: target, source: &source)
    let start = PhasePoint(point, target: target, source: &source)
    let stepSize = memory.stepSize(isWarmUp: isWarmUp)
    let wanted = pathLength / stepSize * (0.5 + source.nextUniform())
    let limit = max(1, Int(min(Double(maximumSteps), wanted.rounded())))
    var end = start
    var steps = 0
    // A path into the impossible has an infinite energy and cannot come back.
    while steps < limit, end.energy - start.energy < PhasePoint.divergence {
      try end.leapfrog(stepSize, target: target)
      steps += 1
    }
    let error = end.energy - start.energy
    let acceptance = min(1, exp(-error))
    let isAccepted = source.nextUniform() < acceptance
    if isAccepted { point = end.point }
    if isWarmUp { memory.update(acceptance: acceptance, target: targetAcceptance) }
    var info = Info()
    info.logDensity = point.value
    info.acceptanceRate = acceptance
    info.stepSize = stepSize
    info.stepCount = Double(steps)
    info.diverging = error < PhasePoint.divergence ? 0 : 1
    info.energy = start.energy
    info.energyError = isAccepted ? error : 0
    return info
  }
}
