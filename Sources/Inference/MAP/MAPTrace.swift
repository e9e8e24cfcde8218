/// The path of an optimisation from its start point on.
///
/// After S steps there are S + 1 points and S evaluations: evaluation k belongs to point k, where step k set out.
/// The newest point has not been evaluated.
public struct MAPTrace: Sendable, Hashable {
  /// Coordinates of a point.
  public let dimension: Int
  /// The points, (stepCount + 1) x dimension, row-major.
  public private(set) var points: [Double]
  /// The function minimised, -``DensityEvaluation/value``, at each of the first `stepCount` points.
  public private(set) var loss: [Double]
  /// The log-likelihood at the same points, before weighing.
  public private(set) var logLikelihood: [Double]
  /// The log-prior at the same points, before weighing.
  public private(set) var logPrior: [Double]

  init(start: [Double]) {
    dimension = start.count
    points = start
    loss = []
    logLikelihood = []
    logPrior = []
  }

  /// A trace from storage.
  /// - Precondition: the sizes fit each other.
  init(dimension: Int, points: [Double], loss: [Double], logLikelihood: [Double], logPrior: [Double]) {
    precondition(points.count == (loss.count + 1) * dimension)
    precondition(loss.count == logLikelihood.count && loss.count == logPrior.count)
    self.dimension = dimension
    self.points = points
    self.loss = loss
    self.logLikelihood = logLikelihood
    self.logPrior = logPrior
  }

  /// Steps taken.
  public var stepCount: Int { loss.count }

  /// Point `step`, from 0 (the start) to ``stepCount`` (the newest).
  public func theta(at step: Int) -> [Double] { Array(points[step * dimension..<(step + 1) * dimension]) }

  /// The evaluated point of least loss (the earliest of equals), or nil before the first step.
  public var best: MAPPoint? {
    guard let step = loss.indices.min(by: { loss[$0] < loss[$1] }) else { return nil }
    let evaluation = DensityEvaluation(
      value: -loss[step], logLikelihood: logLikelihood[step], logPrior: logPrior[step])
    return MAPPoint(step: step, theta: theta(at: step), evaluation: evaluation)
  }

  // MARK: - Growth

  /// Makes room for a total of `steps` steps, so that ``append(_:next:)`` does not allocate.
  mutating func reserve(steps: Int) {
    points.reserveCapacity((steps + 1) * dimension)
    loss.reserveCapacity(steps)
    logLikelihood.reserveCapacity(steps)
    logPrior.reserveCapacity(steps)
  }

  /// The trace of a run followed by that of another, which began anew elsewhere: the point that the first one
  /// proposed and did not evaluate is left out.
  ///
  /// - Precondition: points of one dimension.
  public func followed(by other: MAPTrace) -> MAPTrace {
    precondition(dimension == other.dimension, "\(dimension) and \(other.dimension) coordinates")
    return MAPTrace(
      dimension: dimension, points: points.dropLast(dimension) + other.points, loss: loss + other.loss,
      logLikelihood: logLikelihood + other.logLikelihood, logPrior: logPrior + other.logPrior)
  }

  /// Adds the evaluation of the newest point and the point that the step led to.
  mutating func append(_ evaluation: DensityEvaluation, next theta: [Double]) {
    points.append(contentsOf: theta)
    loss.append(-evaluation.value)
    logLikelihood.append(evaluation.logLikelihood)
    logPrior.append(evaluation.logPrior)
  }
}

/// A point of a trace with the density there.
public struct MAPPoint: Sendable, Hashable {
  /// Steps from the start to this point.
  public let step: Int
  /// The coordinates of the point.
  public let theta: [Double]
  /// The log density there, with its terms.
  public let evaluation: DensityEvaluation

  /// The function minimised.
  public var loss: Double { -evaluation.value }
}
