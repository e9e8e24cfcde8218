import FXParams
import NumericCore
import PriorKit

/// Log densities of presets in memory, beside a triangular product of their size and SciPy's `logpdf`.
func scoring(_ settings: Settings) throws -> Contest {
  let prior = try subjectPrior()
  let (count, dimension) = (settings.presets, prior.space.count)
  let presets = prior.samples(count, seed: 2)
  var contest = Contest("score", "\(count) presets of \(dimension) doubles in memory, \(allThreads) threads")
  contest.add("score") { _ = prior.logDensities(ofRows: presets) }
  let cholesky = try subjectGaussian().cholesky
  contest.add("dtrmm of that size", .bound) {
    forEachCachedBlock(rows: count, dimension: dimension) { cholesky.multiplyRowsByFactor(&$0) }
  }
  if let peer = try Peer.start("score.py", [try writeSubjectPrior(prior, settings), "\(count)"]) {
    contest.addTimed("scipy multivariate_normal.logpdf", .peer) { try peer.run() }
  }
  return contest
}
