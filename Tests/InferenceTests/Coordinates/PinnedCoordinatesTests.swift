import Distributions
import Foundation
import Inference
import NumericCore
import TestSupport
import Testing

/// Parameters whose value is known: they have no coordinate, never move, and the others follow the conditional law.
@Suite struct PinnedCoordinatesTests {
  private let positions = [1, 3]
  private let values = [0.1 + 0.2, -1.0 / 3]

  private func target() throws -> PinnedTarget {
    let whole = AutoregressiveGaussian(
      mean: [3, -1, 0, 2, 1], deviation: [1, 0.3, 2, 5, 0.7], correlation: 0.8)
    let covariance = Matrix(
      rows: 5, columns: 5, values: (0..<25).map { whole.covariance($0 / 5, $0 % 5) })
    return try PinnedTarget(
      try MultivariateNormal(mean: whole.mean, covariance: covariance), pinned: positions, at: values)
  }

  private func expectPinned(_ theta: [Double]) {
    #expect(positions.map { theta[$0].bitPattern } == values.map(\.bitPattern), "\(theta)")
  }

  // MARK: - Coordinates

  @Test func coordinatesMoveTheFreeParametersAlone() throws {
    let target = try target()
    let white = try WhiteCoordinates(whitening: target.conditional)
    #expect(white.dimension == 3 && white.parameterCount == 5 && white.pinnedPositions == positions)
    let position = [0.3, -1.2, 2]
    let theta = white.theta(position)
    expectPinned(theta)
    for (found, expected) in zip(white.white(theta), position) { #expect(abs(found - expected) < 1e-12) }
    // Standard normal in z: the log density falls by |z|^2 / 2 from that of the centre.
    let fall = try target.value(at: white.centre) - target.value(at: theta)
    #expect(abs(fall - position.reduce(0) { $0 + $1 * $1 } / 2) < 1e-10)
    var gradient = [Double](repeating: 0, count: 5)
    _ = target.evaluate(at: theta, gradient: &gradient)
    for (slope, coordinate) in zip(white.pullback(gradient), position) { #expect(abs(slope + coordinate) < 1e-10) }
    let diagonal = try white.withoutCorrelations()
    expectPinned(diagonal.theta(position))
    for (index, place) in white.freePositions.enumerated() {
      #expect(abs(pow(diagonal.cholesky.factor[index, index], 2) - target.variance[place]) < 1e-12)
    }
  }

  @Test func familiesWithoutAScatterArePinnedToo() throws {
    let target = try target()
    let free = try #require(target.conditional.free as? MultivariateNormal)
    let mixture = GaussianMixture(weights: [0.5, 0.5], components: [free, free])
    let white = try WhiteCoordinates(
      whitening: PinnedDistribution(positions: positions, values: values, free: mixture))
    #expect(white.dimension == 3)
    expectPinned(white.theta([1, 2, 3]))
  }

  // MARK: - Samplers

  @Test func markovChainsHaveTheConditionalLaw() throws {
    let target = try target()
    let white = try WhiteCoordinates(whitening: target.conditional).withoutCorrelations()
    let memory = DualAveraging(firstStep: 0.5)
    try checkInvariance(of: NoUTurn(), memory: memory, on: target, coordinates: white)
    try checkInvariance(of: HamiltonianMonteCarlo(), memory: memory, on: target, coordinates: white)
    try checkInvariance(
      of: EllipticalSlice(suiting: target.conditional), memory: NoMemory(), on: target, coordinates: white)
    try checkErgodicAverages(of: NoUTurn(), on: target, coordinates: white)
  }

  @Test func drawsHaveThePinnedValuesToTheLastBit() throws {
    let target = try target()
    let white = try WhiteCoordinates(whitening: target.conditional)
    func check(_ sampler: some Sampler) throws {
      let sampling = MarkovChainSampling(sampler: sampler, chains: 2, warmUp: 5, draws: 40, seed: 2, threads: 2)
      let histories = try sampling.run(
        coordinates: white, start: { target.sample(using: &$0) }, makeDensity: { target })
      for history in histories {
        let logits = history.draws(0..<45, coordinates: white).logits
        #expect(logits.columns == 5)
        for row in 0..<45 { expectPinned(logits.row(row)) }
      }
    }
    try check(NoUTurn())
    try check(HamiltonianMonteCarlo())
    try check(EllipticalSlice())
    try check(IndependentDraws())
  }

  @Test func laplaceIsTheConditional() throws {
    let target = try target()
    let free = try #require(target.conditional.free as? MultivariateNormal)
    let white = try WhiteCoordinates(whitening: target.conditional)
    let found = try LaplaceApproximation(at: target.mode, white: white, threads: 2, makeDensity: { target })
    #expect(found.pinnedPositions == positions && found.curvatures.count == 3 && found.note == nil)
    for (value, expected) in zip(found.distribution.covariance.values, free.covariance.values) {
      #expect(abs(value - expected) < 1e-8)
    }
    expectPinned(try found.coordinates.theta([0.3, -0.1, 4]))
    let scratch = try Scratch()
    let path = scratch.file("laplace.h5")
    try LaplaceFile.write(found, losses: [3, 2], problem: "p", to: path)
    let stored = try LaplaceFile.read(path, problem: "p").approximation
    #expect(stored.mode == found.mode && stored.pinnedPositions == positions)
    #expect(stored.distribution.covariance == found.distribution.covariance)
  }

  // MARK: - Optimisers

  @Test func optimisersFindTheConditionalMode() throws {
    let target = try target()
    let white = try WhiteCoordinates(whitening: target.conditional).withoutCorrelations()
    var source = RandomSource(seed: 3)
    let start = target.sample(using: &source)
    func check(_ base: some Optimiser, steps: Int) throws {
      let driver = MaximumAPosteriori(optimiser: Whitened(base, coordinates: white), steps: steps)
      var state = try driver.makeState(from: start)
      let result = try #require(try driver.run(target, state: &state).result)
      for step in 0...state.trace.stepCount { expectPinned(state.trace.theta(at: step)) }
      for (found, expected) in zip(result.best.theta, target.mode) {
        #expect(abs(found - expected) < 2e-2, "\(base.settings)")
      }
    }
    try check(LBFGS(), steps: 60)
    try check(Adam(learningRate: 0.1, schedule: .cosine(steps: 400)), steps: 400)
    try check(CMAES(seed: 5), steps: 1500)
  }

  /// Stored before the first step and later, with fewer coordinates than parameters.
  @Test func optimisersGoOnFromAFile() throws {
    let target = try target()
    let white = try WhiteCoordinates(whitening: target.conditional)
    let driver = MaximumAPosteriori(optimiser: Whitened(LBFGS(), coordinates: white), steps: 8)
    let checkpoint = MAPCheckpoint(problem: "p", dimension: 5, optimiser: driver.optimiser)
    let scratch = try Scratch()
    let path = scratch.file("state.h5")
    var source = RandomSource(seed: 3)
    let first = try driver.makeState(from: target.sample(using: &source))
    var whole = first
    _ = try driver.run(target, state: &whole)
    for stop in [0, 3] {
      var state = first
      var asked = 0
      _ = try driver.run(
        target, state: &state,
        isCancelled: {
          asked += 1
          return asked > stop
        })
      #expect(state.stepCount == stop)
      try checkpoint.write(state, to: path)
      var loaded = try checkpoint.load(from: path)
      try FileManager.default.removeItem(atPath: path)
      _ = try driver.run(target, state: &loaded)
      #expect(loaded == whole)
    }
  }
}
