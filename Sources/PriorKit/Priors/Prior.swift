public import FXParams
public import NumericCore

/// A probability density over the logits of a parameter space.
///
/// Vectors have `space.count` entries in flat order; log densities are in nats, with respect to Lebesgue measure on
/// logits.
public protocol Prior: Sendable {
  /// The chain whose parameters the density is over.
  var chain: ChainDescription { get }
  /// The chain's parameter space, kept because deriving it allocates.
  var space: ParameterSpace { get }
  /// The expected value.
  var mean: [Double] { get }

  /// log p(theta) and its gradient (the score), in one evaluation; `score` is overwritten.
  func logDensity(at theta: [Double], score: inout [Double]) -> Double

  /// One draw.
  func sample(using source: inout RandomSource) -> [Double]

  /// Draws of one seed as rows [indices.count, dimension]. Draw k uses stream k of the seed alone, so that it is
  /// the same in any range that holds it and with any number of threads.
  func samples(_ indices: Range<Int>, seed: UInt64, threads: Int) -> Matrix

  /// Log densities of the rows of a matrix [count, dimension], much faster than one by one.
  func logDensities(ofRows theta: Matrix) -> [Double]
}

extension Prior {
  public func logDensity(at theta: [Double]) -> Double {
    var score = [Double](repeating: 0, count: theta.count)
    return logDensity(at: theta, score: &score)
  }
}
