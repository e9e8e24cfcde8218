import Distributions
import FXParams
public import NumericCore
public import PresetStore

extension Prior {
  /// `count` draws as rows, spread out or drawn in by a temperature, and optionally only those within a range.
  ///
  /// A draw x becomes mean + sqrt(T) (x - mean): of a Gaussian this is a draw from the density to the power 1 / T.
  /// Draws with a parameter outside the range are drawn again. Draw i uses stream i of the seed alone, rejected
  /// ones included, so a longer batch begins with a shorter one.
  ///
  /// - Parameters:
  ///   - count: the number of draws.
  ///   - seed: the same seed gives the same draws.
  ///   - temperature: positive; with 1, draws equal those of `samples(_:seed:threads:)` within the rounding of
  ///     its batches.
  ///   - range: of physical values.
  /// - Throws: ``PriorError/outsideRange(parameter:attempts:)`` if no draw in 1000 falls inside.
  public func samples(
    _ count: Int, seed: UInt64, temperature: Double, within range: ObservedRange? = nil
  ) throws -> Matrix {
    precondition(temperature > 0 && temperature.isFinite, "A temperature of \(temperature)")
    precondition(range == nil || range?.lower.count == space.count, "A range of other parameters")
    // Draws in blocks round differently from draws one by one.
    if temperature == 1, range == nil { return samples(count, seed: seed) }
    let centre = mean
    var values: [Double] = []
    values.reserveCapacity(count * space.count)
    for index in 0..<count {
      var source = RandomSource(seed: seed, stream: UInt64(index))
      values += try sample(using: &source, temperature: temperature, centre: centre, within: range)
    }
    return Matrix(rows: count, columns: space.count, values: values)
  }

  /// One draw of those; `centre` is the mean, where it is at hand.
  func sample(
    using source: inout RandomSource, temperature: Double, centre: [Double]? = nil, within range: ObservedRange?
  ) throws -> [Double] {
    var attempts = 0
    var rejections: [Int] = []
    while true {
      var draw = sample(using: &source)
      if temperature != 1 { draw = draw.spread(about: centre ?? mean, by: temperature.squareRoot()) }
      guard let outside = range?.firstOutside(space.values(ofLogits: draw)) else { return draw }
      if rejections.isEmpty { rejections = Array(repeating: 0, count: space.count) }
      rejections[outside] += 1
      attempts += 1
      guard attempts < 1000 else {
        let worst = rejections.indices.max { rejections[$0] < rejections[$1] } ?? outside
        throw PriorError.outsideRange(parameter: space.parameters[worst].name, attempts: attempts)
      }
    }
  }
}
