import Foundation
import HDF5Store
import Inference
import TestSupport
import Testing

@Suite struct StopRuleTests {
  /// Gains that halve every five evaluations, from 1: what remains after k is 2^(1 - k / 5).
  private let halving = (0..<100).map { pow(2, 1 - Double($0) / 5) }

  private func stop(_ losses: [Double], _ rule: StopRule) -> Int? {
    (1...losses.count).first { rule.isMet(by: Array(losses[..<$0])) }
  }

  /// Where gains at least halve within the patience, what is given up is no more than the tolerance.
  @Test(arguments: [0.1, 0.01, 0.001], [5, 10, 15]) func givesUpNoMoreThanItsTolerance(gain: Double, patience: Int)
    throws
  {
    let count = try #require(stop(halving, StopRule(gain: gain, within: patience)))
    #expect(halving[count - 1] <= gain * 1.001)
    // And not much later than it must: the rule has to see the stretch first.
    let earliest = try #require(halving.firstIndex { $0 <= gain })
    #expect(count <= earliest + 1 + patience)
  }

  @Test func onlyGainsCount() {
    let rule = StopRule(gain: 0.01, within: 5)
    let flat = [3.0] + Array(repeating: 2.0, count: 6)
    #expect(stop(flat, rule) == 7)
    // Points that were tried in vain, and whatever is added to all losses, change nothing.
    #expect(stop([3, 2, .infinity, 5, 2, .infinity, 9], rule) == 7)
    #expect(stop(flat.map { $0 - 1000 }, rule) == 7)
    // A gain within the stretch, however late, puts it off.
    #expect(stop([3, 2, 2, 2, 2, 2, 1.9, 1.9], rule) == nil)
    #expect(stop([3, 2, 2, 2], rule) == nil)
  }

  @Test func relativeRuleGrowsWithTheLoss() {
    let losses = (0..<30).map { 1000 - 0.01 * Double($0) }
    #expect(stop(losses, StopRule(tolerance: 1e-3, patience: 10)) == 11)
    #expect(stop(losses, StopRule(gain: 1e-3, within: 10)) == nil)
  }

  @Test func fileSaysWhatStoppedTheRun() throws {
    let scratch = try Scratch()
    let density = IndependentGaussian(mean: [0, 0], deviation: [1, 1])
    for (name, rule, expected) in [
      ("rule", StopRule(gain: 10, within: 3), "gain"), ("none", nil, nil),
    ] as [(String, StopRule?, String?)] {
      let map = MaximumAPosteriori(optimiser: Adam(), steps: 6, stopRule: rule)
      var state = try map.makeState(from: [1, 1])
      let outcome = try map.run(density, state: &state)
      let path = scratch.file(name)
      let file = try HDF5Writer(path: path)
      try TraceFile.write(state.trace, outcome: outcome, to: file)
      try file.close()
      let read = try HDF5Reader(path: path)
      #expect(try read.text(attribute: "ending", of: "/") == (expected == nil ? "completed" : "converged"))
      #expect((try? read.text(attribute: "stopped_by", of: "/")) == expected)
    }
  }
}
