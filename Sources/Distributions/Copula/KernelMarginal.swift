import Foundation
import NumericCore

/// A kernel density with wider tails: f = (1 - share) sum_k mass_k beta((x - x_k) / spacing) / spacing
/// + share t((x - centre) / scale) / scale, t the density that ``Tail`` names.
///
/// The kernels are cubic B-splines on a regular grid, which makes density, distribution function and score closed
/// forms of four terms that agree exactly: the density is positive, twice differentiable and integrates to 1. The
/// masses are those of a Gaussian kernel density on the grid (`KernelMarginalFit`). The tails keep presets far
/// from all others at a finite log density.
package struct KernelMarginal: Sendable {
  /// The density beyond the kernels.
  package enum Tail: Sendable, Equatable {
    /// With 3 degrees of freedom, for variables.
    case studentT
    /// For logarithms of radii: the mean of two standard normals at plus and minus `spread`, which are alone beyond
    /// the kernels.
    case normals(spread: Double)
  }

  /// x_0, the centre of the first spline.
  let origin: Double
  let spacing: Double
  /// One per spline; non-negative, sum 1.
  let masses: [Double]
  let tailShare: Double
  let tailCentre: Double
  let tailScale: Double
  let tail: Tail
  /// Sums of the masses before and from each index on, padded.
  private let before: [Double]
  private let from: [Double]
  private let padded: [Double]

  package init(
    origin: Double, spacing: Double, masses: [Double], tailShare: Double, tailCentre: Double, tailScale: Double,
    tail: Tail = .studentT
  ) {
    precondition(spacing > 0 && tailScale > 0 && tailShare > 0 && tailShare <= 1, "A kernel marginal of no width")
    self.origin = origin
    self.spacing = spacing
    self.masses = masses
    self.tailShare = tailShare
    self.tailCentre = tailCentre
    self.tailScale = tailScale
    self.tail = tail
    // Four empty splines at either end: every point of the grid's support has its four terms.
    let padded = [0, 0, 0, 0] + masses + [0, 0, 0, 0]
    var before = [0.0]
    for mass in padded { before.append(before[before.count - 1] + mass) }
    var from = [Double](repeating: 0, count: padded.count + 1)
    for index in padded.indices.reversed() { from[index] = from[index + 1] + padded[index] }
    self.before = before
    self.from = from
    self.padded = padded
  }

  // MARK: - Map

  package func normalDeviate(of x: Double) -> MapValue {
    let spline = spline(at: x)
    let tail = tailPart(at: x)
    let share = 1 - tailShare
    let density = share * spline.density + tailShare * tail.density
    let slope = share * spline.derivative + tailShare * tail.derivative
    let lower = share * spline.below + tailShare * tail.below
    let upper = share * spline.above + tailShare * tail.above
    // The smaller tail has all its digits.
    let z = lower <= upper ? StandardNormal.quantile(lower) : -StandardNormal.quantile(min(upper, 1))
    guard z.isFinite, density > 0 else {
      return MapValue(value: x < tailCentre ? -.infinity : .infinity, logSlope: -.infinity, logSlopeDerivative: 0)
    }
    let logSlope = log(density) - StandardNormal.logDensity(z)
    return MapValue(value: z, logSlope: logSlope, logSlopeDerivative: slope / density + z * exp(logSlope))
  }

  /// The quantile of Phi(z), by Newton's iteration inside a shrinking bracket.
  func value(ofNormalDeviate z: Double) -> Double {
    guard z.isFinite else { return z }
    var width = max(Double(masses.count) * spacing, tailScale)
    var lower = min(origin, tailCentre) - width
    var upper = max(origin + Double(masses.count) * spacing, tailCentre) + width
    while normalDeviate(of: lower).value > z, lower.isFinite {
      width *= 4
      lower -= width
    }
    while normalDeviate(of: upper).value < z, upper.isFinite {
      width *= 4
      upper += width
    }
    var x = 0.5 * (lower + upper)
    for _ in 0..<200 {
      let current = normalDeviate(of: x)
      if current.value < z { lower = x } else { upper = x }
      let step = (z - current.value) * exp(-current.logSlope)
      var next = x + step
      if !(next > lower && next < upper) { next = 0.5 * (lower + upper) }
      if (next - x).magnitude <= 1e-15 * max(x.magnitude, spacing) { return next }
      x = next
    }
    return x
  }

  // MARK: - Parts

  private struct Part {
    var density = 0.0
    var derivative = 0.0
    var below = 0.0
    var above = 0.0
  }

  private func spline(at x: Double) -> Part {
    let position = (x - origin) / spacing
    guard position > -2 else { return Part(above: 1) }
    guard position < Double(masses.count + 1) else { return Part(below: 1) }
    let cell = position.rounded(.down)
    let basis = CubicBasisSpline(fraction: position - cell)
    // Index of the first of the four splines among the padded ones.
    let first = Int(cell) - 1 + 4
    let four = SIMD4(padded[first], padded[first + 1], padded[first + 2], padded[first + 3])
    return Part(
      density: (four * basis.density).sum() / spacing,
      derivative: (four * basis.derivative).sum() / (spacing * spacing),
      below: before[first] + (four * basis.below).sum(), above: from[first + 4] + (four * basis.above).sum())
  }

  private func tailPart(at x: Double) -> Part {
    let q = (x - tailCentre) / tailScale
    guard case .normals(let spread) = tail else { return studentTPart(q) }
    var part = Part()
    for position in [q - spread, q + spread] {
      let density = 0.5 * exp(StandardNormal.logDensity(position)) / tailScale
      part.density += density
      part.derivative -= position * density / tailScale
      part.below += 0.5 * StandardNormal.lowerTail(position)
      part.above += 0.5 * StandardNormal.lowerTail(-position)
    }
    return part
  }

  /// Student's t with 3 degrees of freedom: with cot theta = |q| / sqrt 3 the tail is
  /// (theta - sin theta cos theta) / pi.
  private func studentTPart(_ q: Double) -> Part {
    let angle = atan2(3.0.squareRoot(), q.magnitude)
    // The difference of nearly equal terms gives way to its series (2/3) theta^3 - (2/15) theta^5 + ...
    let square = angle * angle
    let area =
      angle < 0.05
      ? angle * square * (2.0 / 3 - square * (2.0 / 15 - square * (4.0 / 315 - square * 2.0 / 2835)))
      : angle - sin(angle) * cos(angle)
    let outside = area / Double.pi
    let sum = 1 + q * q / 3
    let density = 2 / (Double.pi * 3.0.squareRoot() * sum * sum) / tailScale
    return Part(
      density: density, derivative: -4 * q / 3 / sum * density / tailScale, below: q < 0 ? outside : 1 - outside,
      above: q < 0 ? 1 - outside : outside)
  }

  // MARK: - Storage

  func encode(into archive: inout DistributionArchive, at path: String) {
    archive.set(masses, for: path + "masses")
    archive.set([origin, spacing, tailShare, tailCentre, tailScale], for: path + "numbers")
    if case .normals(let spread) = tail { archive.set(spread, for: path + "tail_spread") }
  }

  init(from archive: DistributionArchive, at path: String) throws {
    let numbers = try archive.vector(path + "numbers", count: 5)
    let masses = try archive.vector(path + "masses")
    for (value, demand) in [(numbers[1], "positive"), (numbers[4], "positive"), (numbers[2], "in (0, 1]")]
    where !(value > 0) || (demand != "positive" && value > 1) {
      throw ArchiveError.invalid(path + "numbers", value: value, condition: demand)
    }
    if let mass = masses.first(where: { $0 < 0 }) {
      throw ArchiveError.invalid(path + "masses", value: mass, condition: "non-negative")
    }
    let total = masses.reduce(0, +)
    guard abs(total - 1) < 1e-6 else {
      throw ArchiveError.invalid(path + "masses", value: total, condition: "1 in sum")
    }
    for width in [numbers[1], numbers[4]] where width < 1e-100 {
      throw ArchiveError.invalid(path + "numbers", value: width, condition: "at least 1e-100")
    }
    let spread = archive.arrays[path + "tail_spread"] == nil ? nil : try archive.number(path + "tail_spread")
    if let spread, abs(spread) > 1e6 {
      throw ArchiveError.invalid(path + "tail_spread", value: spread, condition: "at most 1e6")
    }
    self.init(
      origin: numbers[0], spacing: numbers[1], masses: masses, tailShare: numbers[2], tailCentre: numbers[3],
      tailScale: numbers[4], tail: spread.map { .normals(spread: $0) } ?? .studentT)
  }
}
