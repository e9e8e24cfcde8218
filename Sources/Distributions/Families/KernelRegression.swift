public import NumericCore

/// Parameters about a smooth function of components: theta = m(z) + e with z normal and e of a given distribution.
///
/// What is unlike all that was seen says nothing: there m is its offset. A point is theta, then z [D + K]. The
/// conditional given all of z is e moved by m(z); other conditionals, and marginals of parameters, have no closed
/// form.
///
/// Archive: `inputs/` a normal over z [K], the arrays of ``KernelFunction``, `residual/family` and the distribution
/// of e under `residual/density/`.
public struct KernelRegression: Distribution {
  public static let family = "kernel-regression"
  /// Of the components [K].
  public let inputs: MultivariateNormal
  /// m, [K] to [D].
  public let function: KernelFunction
  /// Of what the components leave open [D].
  public let residual: any TranslatableDistribution

  private var parameterCount: Int { function.offset.count }
  /// D + K.
  public var dimension: Int { parameterCount + inputs.dimension }
  /// That of the components, with the parameters predicted there; the expected parameters have no closed form.
  public var mean: [Double] { zip(function(inputs.mean), residual.mean).map(+) + inputs.mean }

  /// - Throws: ``DistributionError/dimensionMismatch(what:expected:found:)`` if the parts do not fit each other.
  public init(
    inputs: MultivariateNormal, function: KernelFunction, residual: any TranslatableDistribution
  ) throws {
    try requireSize("list of scales", function.scales.count, inputs.dimension)
    try requireSize("residual", residual.dimension, function.offset.count)
    (self.inputs, self.function, self.residual) = (inputs, function, residual)
  }

  // MARK: - Density

  private func parts(_ point: [Double]) -> (parameters: ArraySlice<Double>, components: [Double]) {
    precondition(point.count == dimension, "A point of \(point.count) entries in \(dimension) dimensions")
    return (point[..<parameterCount], Array(point[parameterCount...]))
  }

  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    let (parameters, components) = parts(point)
    var inner = [Double](repeating: 0, count: parameterCount)
    let rest = zip(parameters, function(components)).map { $0 - $1 }
    let value = residual.logDensity(at: rest, score: &inner)
    var outer = [Double](repeating: 0, count: inputs.dimension)
    let marginal = inputs.logDensity(at: components, score: &outer)
    let slopes = function.pullback(inner, at: components)
    score.replaceSubrange(0..<parameterCount, with: inner)
    for column in outer.indices { score[parameterCount + column] = outer[column] - slopes[column] }
    return value + marginal
  }

  public func logDensities(ofRows points: Matrix) -> [Double] {
    let rows = Array(0..<points.rows)
    let components = points.selecting(rows: rows, columns: Array(parameterCount..<dimension))
    var rest = points.selecting(rows: rows, columns: Array(0..<parameterCount))
    let predicted = function(components)
    for index in rest.values.indices { rest.values[index] -= predicted.values[index] }
    return zip(residual.logDensities(ofRows: rest), inputs.logDensities(ofRows: components)).map(+)
  }

  public func sample(using source: inout RandomSource) -> [Double] {
    let components = inputs.sample(using: &source)
    return zip(function(components), residual.sample(using: &source)).map(+) + components
  }

  // MARK: - Parts

  /// - Throws: ``DistributionError/noClosedForm(family:what:)`` for anything but components.
  public func marginalDistribution(over indices: [Int]) throws -> any Distribution {
    try inputs.marginal(over: components(indices, of: Self.family, first: parameterCount))
  }

  /// - Throws: ``DistributionError/noClosedForm(family:what:)`` unless all components are given, and nothing else.
  public func conditionalDistribution(given indices: [Int], values: [Double]) throws -> any Distribution {
    let components = try components(given: indices, values: values, of: Self.family, first: parameterCount)
    return try residual.translated(by: function(components))
  }

  // MARK: - Storage

  public var storedDistributions: [any Distribution] { [residual] }

  public func encode(into archive: inout DistributionArchive) {
    var normal = DistributionArchive()
    inputs.encode(into: &normal)
    archive.set(normal, under: "inputs")
    function.encode(into: &archive)
    archive.set(residual, at: "residual")
  }

  /// - Throws: ``ArchiveError`` naming the array that is missing or unfit.
  public init(from archive: DistributionArchive) throws {
    let residual = try archive.distribution(at: "residual", as: (any TranslatableDistribution).self)
    let inputs = try MultivariateNormal(from: archive.part("inputs"))
    try self.init(
      inputs: inputs,
      function: KernelFunction(from: archive, inputs: inputs.dimension, outputs: residual.dimension),
      residual: residual)
  }
}

extension Distribution {
  /// Positions of components, which stand behind the parameters, among the components.
  ///
  /// - Throws: ``DistributionError/noClosedForm(family:what:)`` for a position of a parameter.
  func components(_ indices: [Int], of family: String, first: Int) throws -> [Int] {
    guard indices.allSatisfy({ (first..<dimension).contains($0) }) else {
      throw DistributionError.noClosedForm(family: family, what: "marginal of parameters")
    }
    return indices.map { $0 - first }
  }

  /// The values of all components in their order.
  ///
  /// - Throws: ``DistributionError/noClosedForm(family:what:)`` unless all are given, and nothing else.
  func components(given indices: [Int], values: [Double], of family: String, first: Int) throws -> [Double] {
    try requireFinite(given: indices, values: values)
    guard Set(indices) == Set(first..<dimension), indices.count == dimension - first else {
      throw DistributionError.noClosedForm(family: family, what: "conditional given other than its components")
    }
    var components = [Double](repeating: 0, count: indices.count)
    for (index, value) in zip(indices, values) { components[index - first] = value }
    return components
  }
}
