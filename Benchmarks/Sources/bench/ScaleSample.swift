import FXParams
import NumericCore
import PriorKit

/// Draws of a Gaussian in memory, beside their matrix product and NumPy's `multivariate_normal`.
func sampling(_ settings: Settings) throws -> Contest {
  let prior = try subjectPrior()
  let (count, dimension) = (settings.presets, prior.space.count)
  var contest = Contest("sample", "\(count) draws of \(dimension) doubles in memory, \(allThreads) threads")
  contest.add("sample") { _ = prior.samples(count, seed: 1) }
  contest.add("normal deviates", .bound) {
    let size = MultivariateNormal.rowsInBlock
    forEachCachedBlock(rows: count, dimension: dimension) { matrix in
      matrix.values.withUnsafeMutableBufferPointer {
        RandomSource.fillNormal($0, columns: dimension, seed: 1, streams: 0..<UInt64(size))
      }
    }
  }
  let cholesky = try subjectGaussian().cholesky
  contest.add("dtrmm of that size", .bound) {
    forEachCachedBlock(rows: count, dimension: dimension) { cholesky.multiplyRowsByFactor(&$0) }
  }
  if let peer = try Peer.start("sample.py", [try writeSubjectPrior(prior, settings), "\(count)"]) {
    contest.addTimed("numpy multivariate_normal(method=cholesky)", .peer) { try peer.run() }
  }
  return contest
}
