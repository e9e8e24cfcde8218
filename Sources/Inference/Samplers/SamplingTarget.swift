/// A log density in white coordinates, as samplers see it.
///
/// Gradients have no part along ``oscillatoryDirections``, where they would tell of ripples: a path that follows
/// them stays where the oscillatory parameters are.
///
/// One instance serves one chain at a time.
public final class SamplingTarget {
  /// The map between positions and logits.
  public let coordinates: WhiteCoordinates
  private let density: any LogDensity
  /// Orthonormal directions that span all that moves the density's oscillatory parameters.
  public let oscillatoryDirections: [[Double]]
  private let isCancelled: () -> Bool
  /// Evaluations asked for so far.
  public private(set) var evaluationCount = 0

  /// - Parameters:
  ///   - density: the density over logits.
  ///   - coordinates: the map between positions and logits, of as many parameters.
  ///   - isCancelled: asked before every evaluation.
  public init(
    _ density: any LogDensity, coordinates: WhiteCoordinates, isCancelled: @escaping () -> Bool = { false }
  ) {
    precondition(
      density.dimension == coordinates.parameterCount,
      "A density of \(density.dimension) in coordinates of \(coordinates.parameterCount) parameters")
    self.density = density
    self.coordinates = coordinates
    oscillatoryDirections = coordinates.directions(moving: density.oscillatoryPositions)
    self.isCancelled = isCancelled
  }

  /// Of positions.
  public var dimension: Int { coordinates.dimension }
  /// Whether the density has a gradient.
  public var isDifferentiable: Bool { density.isDifferentiable }

  /// The density at a position, with its gradient if asked for. Whatever is not finite there makes the point an
  /// impossible one.
  ///
  /// - Throws: ``SamplingInterruption`` if the work was cancelled, and what the density throws.
  public func point(at position: [Double], withGradient: Bool) throws -> MarkovChainPoint {
    if isCancelled() { throw SamplingInterruption() }
    evaluationCount += 1
    let zeros = [Double](repeating: 0, count: withGradient ? position.count : 0)
    let theta = coordinates.theta(position)
    guard !theta.contains(where: { !$0.isFinite }) else { return .impossible(position, gradient: zeros) }
    guard withGradient else {
      let evaluation = try density.evaluate(at: theta)
      return evaluation.isFinite
        ? MarkovChainPoint(position: position, evaluation: evaluation, gradient: [])
        : .impossible(position, gradient: [])
    }
    var gradient = [Double](repeating: 0, count: theta.count)
    let evaluation = try density.evaluate(at: theta, gradient: &gradient)
    guard evaluation.isFinite, !gradient.contains(where: { !$0.isFinite }) else {
      return .impossible(position, gradient: zeros)
    }
    var pulled = coordinates.pullback(gradient)
    removeRipples(&pulled)
    return MarkovChainPoint(position: position, evaluation: evaluation, gradient: pulled)
  }

  /// Projects a gradient or a momentum onto what leaves the oscillatory parameters where they are.
  func removeRipples(_ vector: inout [Double]) {
    for direction in oscillatoryDirections { vector.removeComponent(along: direction) }
  }
}

/// Where a chain stands, in white coordinates, with the density there.
public struct MarkovChainPoint: Sendable, Hashable {
  /// The position in white coordinates.
  public let position: [Double]
  /// The log density there, with its terms.
  public let evaluation: DensityEvaluation
  /// The gradient of the log density but for oscillatory directions; empty for samplers that use none.
  public let gradient: [Double]

  /// The log density sampled.
  public var value: Double { evaluation.value }
  /// Whether the density is finite there.
  public var isPossible: Bool { evaluation.isFinite }

  static func impossible(_ position: [Double], gradient: [Double]) -> MarkovChainPoint {
    MarkovChainPoint(position: position, evaluation: .impossible, gradient: gradient)
  }
}

/// Thrown out of a transition when the caller asks to stop; the transition is then made again from its beginning.
public struct SamplingInterruption: Error, Sendable {
  public init() {}
}
