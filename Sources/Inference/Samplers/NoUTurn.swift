import Foundation
public import NumericCore

/// The No-U-Turn sampler: a leapfrog path that doubles, in a random direction of time, until it would turn back,
/// and a draw from its points by their density.
///
/// Multinomial sampling with a bias towards the later half of the path, the generalised U-turn criterion and its
/// checks across neighbouring halves; the step size is learned by ``DualAveraging``. A path ends too where its
/// energy error exceeds 1000 or the density is not finite: a divergence.
///
/// Sources: Hoffman & Gelman, JMLR 15 (2014); Betancourt, "A conceptual introduction to Hamiltonian Monte Carlo",
/// arXiv 1701.02434, appendix A.
public struct NoUTurn: Sampler {
  /// The mean acceptance that the step size is adapted to, in (0, 1).
  public let targetAcceptance: Double
  /// A path has at most 2^depth - 1 steps.
  public let maximumDepth: Int

  /// - Precondition: the target is in 0..<1 and not 0, the depth in 1...20.
  public init(targetAcceptance: Double = 0.8, maximumDepth: Int = 10) {
    precondition(targetAcceptance > 0 && targetAcceptance < 1, "A target acceptance of \(targetAcceptance)")
    precondition((1...20).contains(maximumDepth), "A tree of depth \(maximumDepth)")
    self.targetAcceptance = targetAcceptance
    self.maximumDepth = maximumDepth
  }

  public let name = "nuts"
  public var settings: [String: String] {
    ["target_acceptance": "\(targetAcceptance)", "maximum_depth": "\(maximumDepth)"]
  }

  /// What the sampler reports of a path.
  public struct Info: SamplerInfo {
    /// The log density at the draw.
    public var logDensity = 0.0
    /// The mean acceptance of the points of the path.
    public var acceptanceRate = 0.0
    /// The step size of the path.
    public var stepSize = 0.0
    /// How often the path doubled.
    public var treeDepth = 0.0
    /// Leapfrog steps.
    public var stepCount = 0.0
    /// 1 for a path that diverged, else 0.
    public var diverging = 0.0
    /// Potential and kinetic energy at the start of the path.
    public var energy = 0.0
    /// Energy of the draw less that of the start.
    public var energyError = 0.0
    /// The largest energy error of the path.
    public var largestEnergyError = 0.0

    public init() {}

    public static var fields: [SamplerInfoField<Info>] {
      [
        .init("lp", \.logDensity), .init("acceptance_rate", \.acceptanceRate), .init("step_size", \.stepSize),
        .init("tree_depth", \.treeDepth), .init("n_steps", \.stepCount), .init("diverging", \.diverging),
        .init("energy", \.energy), .init("energy_error", \.energyError),
        .init("max_energy_error", \.largestEnergyError),
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
    var growth = TreeGrowth(startEnergy: start.energy, stepSize: stepSize)
    var path = Trajectory(start)
    var depth = 0
    while depth < maximumDepth {
      let goesForward = source.nextUniform() < 0.5
      let edge = goesForward ? path.last : path.first
      let subtree = try growth.build(
        depth: depth, from: edge, direction: goesForward ? 1 : -1, target: target, source: &source)
      guard let subtree else { break }
      depth += 1
      // The later half is preferred, which leaves the density invariant and moves further.
      let draw = source.nextUniform()
      if draw < exp(min(0, subtree.logWeight - path.logWeight)) { path.proposal = subtree.proposal }
      guard path.join(subtree, forward: goesForward) else { break }
    }
    let acceptance = growth.acceptance / Double(max(1, growth.steps))
    if isWarmUp { memory.update(acceptance: acceptance, target: targetAcceptance) }
    point = path.proposal.point
    var info = Info()
    info.logDensity = point.value
    info.acceptanceRate = acceptance
    info.stepSize = stepSize
    info.treeDepth = Double(depth)
    info.stepCount = Double(growth.steps)
    info.diverging = growth.hasDiverged ? 1 : 0
    info.energy = start.energy
    info.energyError = path.proposal.energy - start.energy
    info.largestEnergyError = growth.largestError
    return info
  }
}
