import HDF5Store
import Inference
import TestSupport
import Testing

@Suite struct MAPFilesTests {
  private let density = AutoregressiveGaussian(mean: [3, -1, 0], deviation: [1, 0.3, 2], correlation: 0.9)
  private let start = [0.1, 0.2, 0.3]

  private func checkpoint(_ problem: String = "a problem, θ", adam: Adam = Adam()) -> MAPCheckpoint<Adam> {
    MAPCheckpoint(problem: problem, dimension: 3, optimiser: adam)
  }

  /// A path that does not exist yet, removed afterwards.
  private func withPath(_ body: (String) throws -> Void) throws {
    let scratch = try Scratch()
    try body(scratch.file("state.h5"))
  }

  // MARK: - Checkpoints

  @Test func resumedRunIsBitIdentical() throws {
    let map = MaximumAPosteriori(steps: 60)
    var whole = try map.makeState(from: start)
    let expected = try map.run(density, state: &whole)

    try withPath { path in
      var first = try map.makeState(from: start)
      var polls = 0
      _ = try map.run(
        density, state: &first,
        isCancelled: {
          polls += 1
          return polls > 23
        })
      try checkpoint().write(first, to: path)
      var second = try checkpoint().load(from: path)
      #expect(second == first && second.stepCount == 23)
      #expect(try map.run(density, state: &second) == expected)
      #expect(second == whole)
    }
  }

  @Test func longerRunsMayTakeUpShorterOnes() throws {
    let long = MaximumAPosteriori(steps: 30)
    var whole = try long.makeState(from: start)
    _ = try long.run(density, state: &whole)
    try withPath { path in
      let short = MaximumAPosteriori(steps: 10)
      var state = try short.makeState(from: start)
      _ = try short.run(density, state: &state)
      try checkpoint().write(state, to: path)
      var resumed = try checkpoint().load(from: path)
      _ = try long.run(density, state: &resumed)
      #expect(resumed == whole)
    }
  }

  @Test func storesFromTheProgressCallbackAndBeforeTheFirstStep() throws {
    let map = MaximumAPosteriori(steps: 5)
    var state = try map.makeState(from: start)
    try withPath { path in
      try checkpoint().write(state, to: path)
      #expect(try checkpoint().load(from: path) == state)
    }
    _ = try map.run(density, state: &state) { _, state in
      try withPath { path in
        try checkpoint().write(state, to: path)
        #expect(try checkpoint().load(from: path) == state)
      }
    }
  }

  @Test func refusesAnotherRunInOneSentence() throws {
    let state = try MaximumAPosteriori().makeState(from: start)
    try withPath { path in
      try checkpoint().write(state, to: path)
      let others = [
        ("problem", checkpoint("another problem")), ("optimiser", checkpoint(adam: Adam(learningRate: 0.02))),
        ("dimension", MAPCheckpoint(problem: "a problem, θ", dimension: 4, optimiser: Adam())),
      ]
      for (what, other) in others {
        let error = #expect(throws: MAPCheckpointError.self) { try other.load(from: path) }
        #expect(error?.description.contains("belongs to another run, its \(what) is") == true)
        #expect(error?.description.contains(path) == true)
      }
    }
  }

  @Test func refusesADamagedFile() throws {
    try withPath { path in
      let file = try HDF5Writer(path: path)
      for (name, value) in [
        ("format", "priorkit map checkpoint 3"), ("problem", "a problem, θ"), ("dimension", "3"),
        ("optimiser", Adam().settings),
      ] { try file.set(value, attribute: name, of: "/") }
      try file.set(2.0, attribute: "steps", of: "/")
      try file.write([1, 2, 3, 4, 5, 6], shape: [2, 3], to: "/theta", compressed: false)
      try file.close()
      let error = #expect(throws: MAPCheckpointError.self) { try checkpoint().load(from: path) }
      #expect(error?.description.contains("/theta has shape [2, 3] instead of [3, 3]") == true)
    }
  }

  // MARK: - Traces

  @Test func traceFileHoldsThePathAndBothAnswers() throws {
    let map = MaximumAPosteriori(optimiser: Adam(learningRate: 0.7), steps: 12)
    var state = try map.makeState(from: start)
    let outcome = try map.run(density, state: &state)
    let result = try #require(outcome.result)
    try withPath { path in
      try HDF5Writer.create(path, overwrite: true) { try TraceFile.write(state.trace, outcome: outcome, to: $0) }
      let file = try HDF5Reader(path: path)
      let theta = try file.doubles("/theta")
      #expect(theta.shape == [13, 3] && theta.values == state.trace.points)
      #expect(try file.doubles("/loss").values == state.trace.loss)
      #expect(try file.doubles("/log_likelihood").values == state.trace.logLikelihood)
      #expect(try file.doubles("/log_prior").values == state.trace.logPrior)
      #expect(try file.text(attribute: "ending", of: "/") == "completed")
      #expect(try file.double(attribute: "best_step", of: "/") == Double(result.best.step))
      #expect(try file.double(attribute: "best_loss", of: "/") == result.best.loss)
      #expect(try file.double(attribute: "last_loss", of: "/") == result.last.loss)
      #expect(try file.double(attribute: "last_log_likelihood", of: "/") == result.last.evaluation.logLikelihood)
      #expect(try file.double(attribute: "last_log_prior", of: "/") == 0)
    }
  }

  @Test func interruptedTraceIsWrittenWithoutAnswers() throws {
    let map = MaximumAPosteriori(steps: 12)
    var state = try map.makeState(from: start)
    let outcome = try map.run(density, state: &state, isCancelled: { true })
    try withPath { path in
      try HDF5Writer.create(path, overwrite: true) { try TraceFile.write(state.trace, outcome: outcome, to: $0) }
      let file = try HDF5Reader(path: path)
      #expect(try file.text(attribute: "ending", of: "/") == "interrupted")
      #expect(try file.doubles("/theta").values == start)
      #expect(throws: (any Error).self) { try file.double(attribute: "best_loss", of: "/") }
    }
  }
}
