public import NumericCore

/// A prior together with a synthetic likelihood of what a smooth function makes of components: z is normal, theta
/// given z has the density p_0(theta) p(u(z) | theta) / Z(u(z)).
///
/// A point is theta, then z [D + K]. The conditional given all of z is a ``TiltedDistribution``; other
/// conditionals, and marginals of parameters, have no closed form.
///
/// Archive: `inputs/` a normal over z, the arrays of ``KernelFunction``, those of the likelihood under
/// `likelihood/`, `base/family` and p_0 under `base/density/`.
public struct SyntheticPosterior: Distribution {
  public static let family = "synthetic-posterior"
  /// Of the components.
  public let inputs: MultivariateNormal
  /// u, from components to the summary.
  public let function: KernelFunction
  private let weighed: WeighedDraws

  /// p_0.
  public var base: any Distribution { weighed.draws.base }
  /// Of the summary, given parameters.
  public var likelihood: SyntheticLikelihood { weighed.likelihood }

  /// - Throws: ``DistributionError/dimensionMismatch(what:expected:found:)`` if the parts do not fit each other.
  public init(
    inputs: MultivariateNormal, function: KernelFunction, likelihood: SyntheticLikelihood, base: any Distribution
  ) throws {
    try self.init(inputs: inputs, function: function, likelihood: likelihood, draws: BaseDraws(of: base))
  }

  package init(
    inputs: MultivariateNormal, function: KernelFunction, likelihood: SyntheticLikelihood, draws: BaseDraws
  ) throws {
    try requireSize("list of scales", function.scales.count, inputs.dimension)
    try requireSize("summary", function.offset.count, likelihood.summaryCount)
    try requireSize("likelihood", likelihood.dimension, draws.base.dimension)
    (self.inputs, self.function) = (inputs, function)
    weighed = WeighedDraws(draws, likelihood)
  }

  public var dimension: Int { base.dimension + inputs.dimension }
  /// Those of the prior and of the components.
  public var mean: [Double] { base.mean + inputs.mean }

  /// - Throws: ``DistributionError/notFinite(what:value:)`` where arrays are so large that no likelihood is left.
  private func posterior(_ components: [Double]) throws -> TiltedDistribution {
    try TiltedDistribution(weighed, summary: function(components))
  }

  // MARK: - Density

  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    precondition(point.count == dimension, "A point of \(point.count) entries in \(dimension) dimensions")
    let (parameters, components) = (Array(point[..<base.dimension]), Array(point[base.dimension...]))
    guard let posterior = try? posterior(components) else {
      score = [Double](repeating: 0, count: dimension)
      return -.infinity
    }
    var inner = [Double](repeating: 0, count: base.dimension)
    let value = posterior.logDensity(at: parameters, score: &inner)
    var outer = [Double](repeating: 0, count: inputs.dimension)
    let marginal = inputs.logDensity(at: components, score: &outer)
    let rest = likelihood.residual(of: posterior.summary, given: parameters)
    let pull = likelihood.pull(squaredDistance: rest.reduce(0) { $0 + $1 * $1 })
    let slopes = function.pullback(
      zip(rest, posterior.evidenceScore).map { -pull * $0 - $1 }, at: components)
    score.replaceSubrange(0..<inner.count, with: inner)
    for column in outer.indices { score[inner.count + column] = outer[column] + slopes[column] }
    return value + marginal
  }

  public func sample(using source: inout RandomSource) -> [Double] {
    let components = inputs.sample(using: &source)
    return ((try? posterior(components))?.sample(using: &source) ?? base.sample(using: &source)) + components
  }

  // MARK: - Parts

  /// - Throws: ``DistributionError/noClosedForm(family:what:)`` for anything but components.
  public func marginalDistribution(over indices: [Int]) throws -> any Distribution {
    try inputs.marginal(over: components(indices, of: Self.family, first: base.dimension))
  }

  /// - Throws: ``DistributionError/noClosedForm(family:what:)`` unless all components are given, and nothing else.
  public func conditionalDistribution(given indices: [Int], values: [Double]) throws -> any Distribution {
    try posterior(components(given: indices, values: values, of: Self.family, first: base.dimension))
  }

  // MARK: - Storage

  public var storedDistributions: [any Distribution] { [base] }

  public func encode(into archive: inout DistributionArchive) {
    var (normal, part) = (DistributionArchive(), DistributionArchive())
    inputs.encode(into: &normal)
    likelihood.encode(into: &part)
    archive.set(normal, under: "inputs")
    archive.set(part, under: "likelihood")
    function.encode(into: &archive)
    archive.set(base, at: "base")
  }

  /// - Throws: ``ArchiveError`` naming the array that is missing or unfit.
  public init(from archive: DistributionArchive) throws {
    let base = try archive.distribution(at: "base", as: (any Distribution).self)
    let inputs = try MultivariateNormal(from: archive.part("inputs"))
    let likelihood = try SyntheticLikelihood(from: archive.part("likelihood"), dimension: base.dimension)
    try self.init(
      inputs: inputs,
      function: KernelFunction(from: archive, inputs: inputs.dimension, outputs: likelihood.summaryCount),
      likelihood: likelihood, base: base)
  }
}
