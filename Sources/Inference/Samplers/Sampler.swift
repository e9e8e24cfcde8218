public import NumericCore

/// The rule of a Markov chain: a transition that leaves a log density invariant.
///
/// The rule holds settings alone. What it learns while warming up is a ``Memory``, and every transition has a
/// random source of its own, so that a chain can be continued from any of its points in another process, bit for
/// bit.
public protocol Sampler: Sendable {
  /// What the rule learns while warming up.
  associatedtype Memory: SamplerMemory
  /// What it reports of a transition.
  associatedtype Info: SamplerInfo

  /// The name of the sampler in files and on the command line.
  var name: String { get }
  /// The settings that decide the path, by name, exact to the last digit.
  var settings: [String: String] { get }
  /// Whether it follows the gradient; a density without one is then refused.
  var usesGradient: Bool { get }

  /// What is known before the first transition from `point`.
  func makeMemory(at point: MarkovChainPoint, target: SamplingTarget, source: inout RandomSource) throws -> Memory

  /// One transition; `point` becomes the next point of the chain, always a possible one.
  ///
  /// - Parameters:
  ///   - point: where the chain is; overwritten by where it is next.
  ///   - memory: what the rule has learnt, which a warm-up iteration changes.
  ///   - isWarmUp: whether the rule may still learn. The chain has its distribution when it no longer does.
  ///   - target: the density, in white coordinates.
  ///   - source: the iteration's own random numbers.
  func step(
    _ point: inout MarkovChainPoint, memory: inout Memory, isWarmUp: Bool, target: SamplingTarget,
    source: inout RandomSource
  ) throws -> Info
}

/// Samplers that learn nothing walk by values alone.
extension Sampler where Memory == NoMemory {
  public var usesGradient: Bool { false }

  public func makeMemory(
    at point: MarkovChainPoint, target: SamplingTarget, source: inout RandomSource
  ) -> NoMemory { NoMemory() }
}

/// Samplers that learn a step size walk along gradients.
extension Sampler where Memory == DualAveraging {
  public var usesGradient: Bool { true }

  public func makeMemory(
    at point: MarkovChainPoint, target: SamplingTarget, source: inout RandomSource
  ) throws -> DualAveraging {
    try DualAveraging(findingStepAt: point, target: target, source: &source)
  }
}

/// What a sampler learns, as numbers that a file can hold.
public protocol SamplerMemory: Sendable, Hashable {
  /// How many numbers there are.
  static var count: Int { get }
  /// What was learned, ``count`` numbers.
  var numbers: [Double] { get }
  /// - Precondition: ``count`` numbers.
  init(numbers: [Double])
}

/// The memory of a sampler that learns nothing.
public struct NoMemory: SamplerMemory {
  public static let count = 0
  public var numbers: [Double] { [] }
  public init(numbers: [Double] = []) { precondition(numbers.isEmpty, "\(numbers.count) numbers to forget") }
}
