public import NumericCore

/// Independent draws from an approximation, with the density of the target at each: not a Markov chain of the
/// target itself, but one in form, so that draws of a Laplace approximation are made, stored and taken up like any
/// others.
///
/// The white coordinates are those of the approximation. `log_ratio` is log target - log approximation but for a
/// constant: what ``ParetoSmoothing`` judges it by. A draw where the target is impossible is replaced by another,
/// up to a hundred times.
public struct IndependentDraws: Sampler {
  public init() {}

  public let name = "laplace"
  public var settings: [String: String] { [:] }

  /// What is reported of a draw.
  public struct Info: SamplerInfo {
    /// The log density at the draw.
    public var logDensity = 0.0
    /// log target - log approximation but for a constant.
    public var logRatio = 0.0

    public init() {}

    public static var fields: [SamplerInfoField<Info>] {
      [.init("lp", \.logDensity), .init("log_ratio", \.logRatio)]
    }
  }

  public func step(
    _ point: inout MarkovChainPoint, memory: inout NoMemory, isWarmUp: Bool, target: SamplingTarget,
    source: inout RandomSource
  ) throws -> Info {
    var position = [Double](repeating: 0, count: target.dimension)
    for _ in 0..<100 {
      source.fillNormal(&position)
      let trial = try target.point(at: position, withGradient: false)
      guard trial.isPossible else { continue }
      point = trial
      var info = Info()
      info.logDensity = trial.value
      info.logRatio = trial.value + dot(position, position) / 2
      return info
    }
    throw ApproximationError()
  }
}

/// An approximation whose draws are all impossible.
public struct ApproximationError: Error, Sendable, CustomStringConvertible {
  public var description: String {
    "A hundred draws of the Laplace approximation in a row have no finite density: use elliptical slices."
  }
}
