import Inference
import NumericCore

/// Diagnostics of 130 parameters from four chains of a thousand draws, one thread, beside the sorts and transforms
/// that they cannot do without, and ArviZ.
func diagnosticTimes() throws -> Contest {
  let (parameters, chains, draws) = (130, 4, 1000)
  let scalars = (0..<parameters).map { parameter in
    ScalarDraws(
      chains: (0..<chains).map { chain in
        var source = RandomSource(seed: UInt64(parameter), stream: UInt64(chain))
        var last = 0.0
        return (0..<draws).map { _ in
          last = 0.5 * last + source.nextNormal()
          return last
        }
      })
  }
  var contest = Contest("diagnose", "\(parameters) parameters, \(chains) chains of \(draws) draws, 1 thread")
  contest.add("R-hat, ESS, Monte Carlo errors") {
    var sum = 0.0
    for scalar in scalars {
      let numbers = [
        scalar.rHat, scalar.bulkESS, scalar.tailESS, scalar.meanError, scalar.deviationError,
        scalar.quantileError(0.5),
      ]
      for number in numbers { sum += number ?? 0 }
    }
    precondition(sum.isFinite)
  }
  // Ranks of the draws and of their distances from the median, and the quantiles.
  contest.add("three sorts a parameter", .bound) {
    for scalar in scalars { for _ in 0..<3 { precondition(scalar.pooled.sorted()[0].isFinite) } }
  }
  // Half chains: ranks, two tails, mean, two for the deviation, median.
  let transform = RealFFT<Double>(count: FastLengths.length(atLeast: draws))
  let signal = SignalBuffer<Double>(count: transform.count)
  let spectrum = SignalBuffer<Double>(count: 2 * transform.binCount)
  contest.add("autocovariances of seven sequences", .bound) {
    for _ in 0..<parameters * 7 * 2 * chains {
      signal.clear(0..<transform.count)
      transform.forward(signal.pointer, into: spectrum.pointer)
      transform.inverseDestroying(spectrum.pointer, into: signal.pointer)
    }
  }
  if let peer = try Peer.start("diagnostics.py", ["\(parameters)", "\(chains)", "\(draws)"]) {
    contest.addTimed("arviz rhat, ess, mcse", .peer) { try peer.run() }
  }
  return contest
}
