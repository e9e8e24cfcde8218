import Foundation

/// The sinh-arcsinh distribution: z = sinh(delta asinh((x - centre) / scale) - epsilon) is standard normal.
///
/// epsilon is skewness; delta < 1 gives heavier, delta > 1 lighter tails than the normal (Jones and Pewsey 2009,
/// doi:10.1093/biomet/asp053).
package struct SinhArcsinhMarginal: Sendable {
  let centre: Double
  let scale: Double
  let skewness: Double
  let tailWeight: Double

  package func normalDeviate(of x: Double) -> MapValue {
    let y = (x - centre) / scale
    let root = hypot(1, y)
    let argument = tailWeight * asinh(y) - skewness
    // log cosh without overflow.
    let logCosh = argument.magnitude + log1p(exp(-2 * argument.magnitude)) - log(2)
    return MapValue(
      value: sinh(argument), logSlope: log(tailWeight / scale) + logCosh - log(root),
      logSlopeDerivative: (tailWeight * tanh(argument) - y / root) / root / scale)
  }

  func value(ofNormalDeviate z: Double) -> Double {
    centre + scale * sinh((asinh(z) + skewness) / tailWeight)
  }

  // MARK: - Storage

  func encode(into archive: inout DistributionArchive, at path: String) {
    archive.set([centre, scale, skewness, tailWeight], for: path + "numbers")
  }

  package init(centre: Double, scale: Double, skewness: Double, tailWeight: Double) {
    precondition(scale > 0 && tailWeight > 0, "A sinh-arcsinh distribution of no width")
    self.centre = centre
    self.scale = scale
    self.skewness = skewness
    self.tailWeight = tailWeight
  }

  init(from archive: DistributionArchive, at path: String) throws {
    let numbers = try archive.vector(path + "numbers", count: 4)
    for value in [numbers[1], numbers[3]] where value <= 0 {
      throw ArchiveError.invalid(path + "numbers", value: value, condition: "positive")
    }
    for (value, range, demand) in [
      (numbers[1], 1e-100...1e150, "at least 1e-100"), (numbers[2], -1000...1000, "between -1000 and 1000"),
      (numbers[3], 0.001...1000, "between 0.001 and 1000"),
    ] where !range.contains(value) {
      throw ArchiveError.invalid(path + "numbers", value: value, condition: demand)
    }
    self.init(centre: numbers[0], scale: numbers[1], skewness: numbers[2], tailWeight: numbers[3])
  }
}
