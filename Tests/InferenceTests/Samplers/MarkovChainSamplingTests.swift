import Foundation
import Inference
import NumericCore
import Synchronization
import TestSupport
import Testing

/// Chains as runs: threads, files, interruptions, and densities that fail.
@Suite struct MarkovChainSamplingTests {
  private let density = AutoregressiveGaussian(mean: [3, -1, 0], deviation: [1, 0.3, 2], correlation: 0.9)

  private func white() throws -> WhiteCoordinates {
    try WhiteCoordinates(centre: [3, -1, 0], covariance: .diagonal([1, 0.09, 4]))
  }

  private func run<Method: Sampler>(
    _ sampler: Method, chains: Int = 3, draws: Int = 40, threads: Int = 1, log: MarkovChainLogs? = nil,
    limit: Int = .max
  ) throws -> [MarkovChainHistory<Method.Info>] {
    let sampling = MarkovChainSampling(
      sampler: sampler, chains: chains, warmUp: 20, draws: draws, seed: 7, threads: threads)
    let asked = Atomic<Int>(0)
    let density = density
    return try sampling.run(
      coordinates: try white(), start: { density.sample(using: &$0) }, log: log,
      isCancelled: { asked.add(1, ordering: .relaxed).newValue > limit }, makeDensity: { density })
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let scratch = try Scratch()
    try body(scratch.file("chains"))
  }

  @Test func threadsDoNotChangeTheDraws() throws {
    #expect(try run(NoUTurn()) == run(NoUTurn(), threads: 3))
    #expect(try run(EllipticalSlice()) == run(EllipticalSlice(), threads: 2))
    let few = try run(HamiltonianMonteCarlo(), chains: 1, draws: 1)
    #expect(few.count == 1 && few[0].iterations.count == 21)
    // A chain is the same whatever runs beside it.
    #expect(try run(HamiltonianMonteCarlo(), chains: 2, draws: 1)[0] == few[0])
  }

  /// Cut off anywhere, and with half a row at the end of a file as a killed process leaves it.
  @Test func resumedChainsAreTheUninterruptedOnes() throws {
    func check<Method: Sampler>(_ sampler: Method, limits: [Int]) throws {
      let whole = try run(sampler)
      for limit in limits {
        try withFolder { folder in
          let first = MarkovChainLogs(folder: folder, problem: "p", isResuming: false)
          #expect(throws: SamplingInterruption.self) { try run(sampler, log: first, limit: limit) }
          let file = folder + "/chain-0.draws"
          let handle = try #require(FileHandle(forWritingAtPath: file))
          try handle.seekToEnd()
          try handle.write(contentsOf: Data([1, 2, 3, 4, 5]))
          try handle.close()
          let second = MarkovChainLogs(folder: folder, problem: "p", isResuming: true)
          #expect(try run(sampler, threads: 2, log: second) == whole, "\(sampler.name) after \(limit)")
          // A finished run is read, not made again; and it may be made longer.
          #expect(try run(sampler, log: second, limit: 0) == whole)
          let longer = try run(sampler, draws: 50, log: second)
          #expect(try longer == run(sampler, draws: 50))
        }
      }
    }
    try check(NoUTurn(), limits: [10, 300])
    try check(HamiltonianMonteCarlo(), limits: [150])
    try check(EllipticalSlice(), limits: [1, 77, 250])
  }

  @Test func logsOfOtherRunsAreRefused() throws {
    try withFolder { folder in
      _ = try run(EllipticalSlice(), log: MarkovChainLogs(folder: folder, problem: "p", isResuming: false))
      let other = MarkovChainLogs(folder: folder, problem: "q", isResuming: true)
      let error = #expect(throws: DrawLogError.self) { try run(EllipticalSlice(), log: other) }
      #expect(error?.description.contains("belong to another run") == true)
      let same = MarkovChainLogs(folder: folder, problem: "p", isResuming: true)
      #expect(throws: DrawLogError.self) { try run(EllipticalSlice(thinning: 2), log: same) }
    }
  }

  /// A run that one chain's log refuses leaves no log behind for a chain that had none: the right run goes on.
  @Test(arguments: 0..<3)
  func refusedRunsBeginNoLog(missing: Int) throws {
    try withFolder { folder in
      let whole = try run(NoUTurn(), log: MarkovChainLogs(folder: folder, problem: "p", isResuming: false))
      let path = folder + "/chain-\(missing).draws"
      try FileManager.default.removeItem(atPath: path)
      let other = MarkovChainLogs(folder: folder, problem: "q", isResuming: true)
      #expect(throws: DrawLogError.self) { try run(NoUTurn(), threads: 3, log: other) }
      #expect(!FileManager.default.fileExists(atPath: path))
      let same = MarkovChainLogs(folder: folder, problem: "p", isResuming: true)
      #expect(try run(NoUTurn(), log: same) == whole)
    }
  }

  /// NaN and infinite densities, and gradients that are not finite, are where a chain does not go.
  @Test func chainsAvoidWhatIsNotFinite() throws {
    func check(_ sampler: some Sampler) throws {
      for fault in [Double.nan, -.infinity, .infinity] {
        let sampling = MarkovChainSampling(sampler: sampler, chains: 2, warmUp: 50, draws: 200, seed: 1, threads: 1)
        let histories = try sampling.run(
          coordinates: try .identity(2), start: { [$0.nextNormal(), $0.nextNormal()] },
          makeDensity: { Holed(fault: fault) })
        for iteration in histories.flatMap(\.iterations) {
          #expect(iteration.position[0] > -0.5 && iteration.evaluation.value.isFinite)
          #expect(iteration.info.numbers.allSatisfy { !$0.isNaN })
        }
        let draws = histories[0].draws(50..<250, coordinates: try .identity(2))
        #expect(draws.statistics["diverging"].map { $0.reduce(0, +) > 0 } ?? true)
      }
    }
    try check(NoUTurn())
    try check(HamiltonianMonteCarlo())
    try check(EllipticalSlice())
    try check(IndependentDraws())
  }

  @Test func aDensityThatIsNowhereFiniteHasNoStart() throws {
    let sampling = MarkovChainSampling(sampler: NoUTurn(), chains: 1, warmUp: 1, draws: 1, seed: 1, threads: 1)
    let error = #expect(throws: SamplingError.self) {
      try sampling.run(
        coordinates: try .identity(2), start: { [-1 - $0.nextUniform(), 0] }, makeDensity: { Holed(fault: .nan) })
    }
    #expect(error?.description.contains("not finite at 100 draws") == true)
  }

  /// A normal of which a half plane is missing.
  private final class Holed: LogDensity {
    let dimension = 2
    private let fault: Double

    init(fault: Double) { self.fault = fault }

    func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
      gradient = theta.map { -$0 }
      guard theta[0] > -0.5 else {
        gradient[1] = .nan
        return DensityEvaluation(value: fault)
      }
      return DensityEvaluation(value: -(theta[0] * theta[0] + theta[1] * theta[1]) / 2)
    }
  }
}
