import ArgumentParser
import Distributions
import FXParams
import PriorKit

// How commands treat settings that sound the same.

/// Fits that give every copy of a preset the same density.
struct InvarianceOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Fit as if every copy of a preset were there: some of signs, bands, lookahead, mirror, with commas.",
      valueName: "a,b"))
  var invariantTo: String?

  @Flag(name: .long, help: "Store the density summed over the exact copies of a point (family orbit-sum).")
  var orbitSum = false

  var isDefault: Bool { invariantTo == nil && !orbitSum }

  func validate() throws {
    if let invariantTo { _ = try SymmetryFamily.list(invariantTo) }
  }

  /// The estimator that the options make of one.
  func estimator(_ base: any DensityEstimator, for chain: ChainDescription) throws -> any DensityEstimator {
    let base =
      try invariantTo.map {
        try InvariantEstimator(base, to: SymmetryFamily.list($0), of: chain) as any DensityEstimator
      } ?? base
    return orbitSum ? try OrbitSumEstimator(base, of: chain) : base
  }
}

/// Distances and densities that are blind to symmetries: the density is summed over the copies of a preset.
struct QuotientOptions: ParsableArguments {
  @Flag(name: .long, help: "Take the copies of a preset that sound the same for one preset.")
  var overOrbit = false
}
