import Distributions
import FXParams
import NumericCore
import PresetStore
import PriorKit

/// How many log densities with their gradients a body takes: milliseconds of a body are microseconds of one.
private let evaluations = 1000

/// A log density with its gradient at one point, as a step of an optimiser takes it: Gaussian and Student-t, beside
/// their two triangular solves and SciPy.
func gaussianDensity(_ settings: Settings) throws -> Contest {
  let (prior, gaussian) = (try subjectPrior(), try subjectGaussian())
  let points = prior.samples(evaluations, seed: 3)
  var contest = Contest(
    "density", "\(evaluations) log densities with gradients, \(prior.space.count) parameters, one by one")
  addDensity(gaussian, "Gaussian", points, to: &contest)
  let student = StudentT(
    try MultivariateStudentT(location: gaussian.mean, scatter: gaussian.covariance, degreesOfFreedom: 5))
  addDensity(student, "Student-t", points, to: &contest)
  addSolves(gaussian.cholesky, points, to: &contest)
  if let peer = try Peer.start("density.py", [try writeSubjectPrior(prior, settings), "\(evaluations)"]) {
    contest.addTimed("scipy logpdf and cho_solve", .peer) { try peer.run() }
  }
  return contest
}

/// The same for copulas fitted to 365 draws, beside the solves and the normal quantiles that they cannot do
/// without, and SciPy's kernel estimates with a multivariate t, without a gradient.
func copulaDensity(_ settings: Settings) throws -> Contest {
  let prior = try subjectPrior()
  let (presets, points) = (prior.samples(365, seed: 4), prior.samples(evaluations, seed: 3))
  let data = try EstimationData(presets: PresetCollection(chain: prior.chain, theta: presets))
  var contest = Contest(
    "density-copula", "\(evaluations) log densities with gradients, \(prior.space.count) parameters, one by one")
  for estimator in [CopulaEstimator(), CopulaEstimator(radial: true), CopulaEstimator(marginals: .sinhArcsinh)] {
    addDensity(try estimator.fit(data), estimator.name, points, to: &contest)
  }
  addSolves(try subjectGaussian().cholesky, points, to: &contest)
  contest.add("a normal quantile a coordinate", .bound) {
    var sum = 0.0
    for row in 0..<evaluations {
      for column in 0..<points.columns {
        sum += StandardNormal.quantile(0.5 / (1 + points[row, column] * points[row, column]))
      }
    }
    precondition(sum.isFinite)
  }
  if let peer = try Peer.start("density_copula.py", [try writeSubjectPrior(prior, settings), "\(evaluations)"]) {
    contest.addTimed("scipy kernels and multivariate_t, no gradient", .peer) { try peer.run() }
  }
  return contest
}

private func addDensity(_ density: any Distribution, _ name: String, _ points: Matrix, to contest: inout Contest) {
  let rows = (0..<points.rows).map { points.row($0) }
  var gradient = [Double](repeating: 0, count: density.dimension)
  contest.add(name) {
    for row in rows { _ = density.logDensity(at: row, score: &gradient) }
  }
}

/// L^-1 v and L^-T v.
private func addSolves(_ cholesky: Cholesky, _ points: Matrix, to contest: inout Contest) {
  let rows = (0..<points.rows).map { points.row($0) }
  var vector = [Double](repeating: 0, count: points.columns)
  contest.add("two triangular solves", .bound) {
    for row in rows {
      for index in vector.indices { vector[index] = row[index] }
      cholesky.forwardSubstitute(&vector)
      cholesky.backSubstitute(&vector)
    }
  }
}
