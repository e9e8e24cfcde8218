import Foundation
import NumericCore

/// EM for a normal or a Student-t of rows of which some lack columns.
///
/// E step: what a row lacks has its conditional mean and scatter given what it has, and a row of p columns at the
/// squared distance q counts u = (nu + p) / (nu + q). M step: location = sum w u x / sum w u, scatter = shape of
/// (sum w u (x - location)(x - location)^T + sum w C) / sum w u, with C the conditional scatter of what is absent;
/// then nu maximises the likelihood of what is there (ECME). With infinite nu it is EM for a normal (Little and
/// Rubin, "Statistical analysis with missing data", 2019, doi:10.1002/9781119482260, section 11.2); for a Student-t
/// Liu and Rubin 1995 (Statistica Sinica 5), and the division by sum w u instead of N the parameter expansion of
/// Liu, Rubin and Wu 1998, doi:10.1093/biomet/85.4.755. Without a shape the likelihood never decreases.
struct PartialFit {
  let sample: PartialRows
  let shape: any ScatterShape
  /// Infinite for a normal; nil to estimate it.
  let fixedDegreesOfFreedom: Double?

  private(set) var distribution: MultivariateStudentT
  /// The expected scatter of the last step, before it was shaped.
  private(set) var freeScatter: Matrix
  /// Of what is there, in nats per preset, after each step.
  private(set) var logLikelihoods: [Double] = []
  private var completed: CompletedRows

  /// The gain in nats per preset below which the iteration stops: steps shrink slowly where much is absent.
  private static let tolerance = 1e-10

  /// Starts at the moments of the rows that have each column, without correlations.
  init(sample: PartialRows, shape: any ScatterShape, fixedDegreesOfFreedom: Double?) throws {
    self.sample = sample
    self.shape = shape
    self.fixedDegreesOfFreedom = fixedDegreesOfFreedom
    let (mean, variances) = sample.availableMoments()
    freeScatter = .diagonal(variances)
    distribution = try MultivariateStudentT(
      location: mean, scatter: freeScatter, degreesOfFreedom: fixedDegreesOfFreedom ?? 10)
    completed = try CompletedRows(sample, location: mean, scatter: distribution.cholesky)
  }

  mutating func run(maximumIterations: Int = StudentTFit.maximumIterations) throws {
    for _ in 0..<maximumIterations {
      try step()
      guard let last = logLikelihoods.dropLast().last, let current = logLikelihoods.last else { continue }
      if (current - last).magnitude < Self.tolerance { break }
    }
    try distribution.requireVolume()
  }

  private mutating func step() throws {
    let counts = completed.counts(degreesOfFreedom: distribution.degreesOfFreedom)
    let factors = zip(sample.weights, counts).map(*)
    let total = factors.reduce(0, +)
    let shift = (completed.deviations.transposed * factors).map { $0 / total }
    var scatter = completed.deviations.subtracting(shift).scalingRows(by: factors.map { $0.squareRoot() })
      .gram(scale: 1 / total)
    for (group, conditional) in zip(sample.groups, completed.conditionalScatters) {
      let share = group.rows.reduce(0) { $0 + sample.weights[$1] } / total
      for (row, target) in group.absent.enumerated() {
        for (column, other) in group.absent.enumerated() {
          scatter[target, other] += share * conditional[row, column]
        }
      }
    }
    freeScatter = scatter
    let next = try MultivariateStudentT(
      location: zip(distribution.location, shift).map(+), scatter: shape.shaped(scatter, blocks: sample.blocks),
      degreesOfFreedom: distribution.degreesOfFreedom)
    completed = try CompletedRows(sample, location: next.location, scatter: next.cholesky)
    let degreesOfFreedom = fixedDegreesOfFreedom ?? mostLikelyDegreesOfFreedom()
    distribution =
      degreesOfFreedom == next.degreesOfFreedom
      ? next
      : try MultivariateStudentT(
        location: next.location, scatter: next.scatter, degreesOfFreedom: degreesOfFreedom)
    logLikelihoods.append(completed.logLikelihood(degreesOfFreedom: degreesOfFreedom) / Double(sample.count))
  }

  /// The maximum over nu with all else held, or the present value where that is the better one.
  private func mostLikelyDegreesOfFreedom() -> Double {
    StudentTFit.degreesOfFreedom(from: distribution.degreesOfFreedom) {
      -completed.logLikelihood(degreesOfFreedom: exp($0))
    }
  }
}
