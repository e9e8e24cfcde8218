import Evaluation
import FXChain
import FXParams
import Inference
import NumericCore
import Retrieval
import TestSupport
import Testing

/// The loss of a retrieval and its gradient, against differences in Double.
@Suite struct RetrievalLossTests {
  let chain = RetrievalMaterial.chain

  /// All 125 logits of the small chain, and all 130 of the published one with its own lengths of responses.
  @Test(arguments: [RetrievalMaterial.chain, .diffVox])
  func gradientOfAllParametersMeetsDifferences(chain: ChainDescription) throws {
    let chunks = try RetrievalMaterial.chunks(chain == .diffVox ? 1 : 2, chain: chain)
    let loss = try RetrievalLoss<Double>(chain: chain, chunks: chunks)
    let logits = RetrievalMaterial.logits(of: chain, seed: 3)
    var gradient = [Double](repeating: 0, count: logits.count)
    let terms = loss.terms(at: logits, gradient: &gradient)
    #expect(terms == loss.terms(at: logits))
    let largest = gradient.map(abs).max() ?? 0
    for (index, parameter) in chain.parameterSpace.parameters.enumerated() {
      // Kinks of the logarithms and branches of the compressor lie everywhere: only short steps cross few of them.
      let expected = centralDifference(
        of: { loss.terms(at: $0).total() }, at: logits, coordinate: index, step: 1e-7)
      #expect(
        abs(gradient[index] - expected) <= 2e-4 * abs(expected) + 1e-5 * largest,
        "\(parameter.name) has \(gradient[index]), not \(expected)")
    }
  }

  /// Float, groups of chunks and threads give the numbers of Double, one group and one thread.
  @Test func groupsAndThreadsChangeNothing() throws {
    let chunks = try RetrievalMaterial.chunks(5)
    let logits = RetrievalMaterial.logits(seed: 4)
    func result<Scalar: SignalScalar>(_: Scalar.Type, atOnce: Int, threads: Int) throws -> [Double] {
      let loss = try RetrievalLoss<Scalar>(chain: chain, chunks: chunks, chunksAtOnce: atOnce, threads: threads)
      var gradient = [Double](repeating: 0, count: logits.count)
      // Another set of chunks first: what the renderer then holds must not matter.
      _ = loss.terms(at: logits, chunks: [4, 1], gradient: &gradient)
      let value = loss.terms(at: logits, gradient: &gradient).total()
      return [value] + gradient
    }
    let expected = try result(Double.self, atOnce: 5, threads: 1)
    #expect(relativeNormError(try result(Double.self, atOnce: 2, threads: 1), expected) < 1e-10)
    let single = try result(Float.self, atOnce: 2, threads: 1)
    #expect(relativeNormError(single, expected) < 2e-3)
    #expect(try result(Float.self, atOnce: 2, threads: 3) == single)
  }

  @Test func oneChunkAfterAnotherIsTheirMean() throws {
    let chunks = try RetrievalMaterial.chunks(3)
    let logits = RetrievalMaterial.logits(seed: 5)
    let loss = try RetrievalLoss<Double>(chain: chain, chunks: chunks)
    let alone = chunks.indices.map { loss.terms(at: logits, chunks: [$0]).total() }
    #expect(abs(loss.terms(at: logits).total() - alone.reduce(0, +) / 3) < 1e-12)
  }

  /// The preset that made the recording has no loss, and its warm-up is not looked at.
  @Test func theTruthHasNoLoss() throws {
    var chunks = try RetrievalMaterial.chunks(2)
    for index in chunks.indices {
      for frame in 0..<chunks[index].warmUpFrames { chunks[index].wet.left[frame] = 1 }
    }
    let loss = try RetrievalLoss<Float>(chain: chain, chunks: chunks)
    #expect(loss.terms(at: RetrievalMaterial.truth).total() < 1e-3)
    #expect(loss.terms(at: RetrievalMaterial.logits(seed: 6)).total() > 0.5)
  }
}

/// The density that optimisers see.
@Suite struct RetrievalDensityTests {
  let chain = RetrievalMaterial.chain

  @Test func priorAndSurrogateMeetDifferences() throws {
    let loss = try RetrievalLoss<Double>(chain: chain, chunks: RetrievalMaterial.chunks(1))
    let prior = try RetrievalMaterial.prior()
    let density = RetrievalDensity(loss: loss, prior: prior, alpha: 0.02, usesSurrogates: true)
    let theta = RetrievalMaterial.logits(seed: 7) + [-1.5]
    #expect(density.dimension == theta.count)
    #expect(density.oscillatoryPositions.isEmpty)
    var gradient = [Double](repeating: 0, count: theta.count)
    let evaluation = try density.evaluate(at: theta, gradient: &gradient)
    #expect(try density.evaluate(at: theta) == evaluation)
    #expect(abs(evaluation.value - (evaluation.logLikelihood + 0.02 * evaluation.logPrior)) < 1e-12)
    let damping = 1 - 1 / (1 + 0.22313016014842982)
    #expect(
      abs(evaluation.logLikelihood + density.latestTerms.total() + damping * damping) < 1e-12,
      "the damping's penalty")
    let time = try #require(chain.parameterSpace.index(of: "delay.time"))
    let largest = gradient.map(abs).max() ?? 0
    for index in 0..<chain.parameterSpace.count where index != time {
      let expected = centralDifference(
        of: { (try? density.evaluate(at: $0).value) ?? .nan }, at: theta, coordinate: index, step: 1e-7)
      #expect(abs(gradient[index] - expected) <= 2e-4 * abs(expected) + 1e-5 * largest, "parameter \(index)")
    }
    // Without surrogates the time is one that ripples.
    #expect(RetrievalDensity(loss: loss).oscillatoryPositions == [time])
  }

  /// The surrogate does not reach the value, so that along the damping the value has the penalty's slope alone; the
  /// gradient has that of the surrogate too, by the chain rule of the damping's coordinate.
  @Test(arguments: [-3, -0.5, 1.0]) func dampingIsPushedOff(coordinate: Double) throws {
    let loss = try RetrievalLoss<Double>(chain: chain, chunks: RetrievalMaterial.chunks(1))
    let density = RetrievalDensity(loss: loss, usesSurrogates: true)
    let logits = RetrievalMaterial.logits(seed: 7)
    var gradient = [Double](repeating: 0, count: logits.count + 1)
    _ = try density.evaluate(at: logits + [coordinate], gradient: &gradient)
    let penalty = centralDifference(
      of: { (try? density.evaluate(at: logits + $0).value) ?? .nan }, at: [coordinate], coordinate: 0, step: 1e-5)
    let slope = centralDifference(
      of: { EchoSurrogates.logDamping($0[0]) }, at: [coordinate], coordinate: 0, step: 1e-5)
    let expected = penalty - loss.logDampingGradient(ofDelay: 0) * slope
    #expect(abs(gradient[logits.count] - expected) < 1e-6 * (1 + abs(expected)))
    // More damping is worse.
    #expect(penalty < 0 && slope < 0)
    #expect(abs(EchoSurrogates.logDamping(EchoSurrogates.start) + 0.01) < 1e-15)
  }

  /// A step sees a batch of its own, the same whenever it is asked for.
  @Test func batchesAreThoseOfTheStep() throws {
    let loss = try RetrievalLoss<Double>(chain: chain, chunks: RetrievalMaterial.chunks(5))
    let density = RetrievalDensity(loss: loss, batchSize: 2, seed: 3)
    #expect(density.isStochastic)
    let logits = RetrievalMaterial.logits(seed: 8)
    func value(_ step: Int) throws -> Double {
      density.step = step
      return try density.evaluate(at: logits).value
    }
    let values = try (0..<12).map(value)
    #expect(try (0..<12).map(value) == values)
    // Ten pairs of five chunks.
    #expect(Set(values).count > 4 && Set(values).count <= 10)
    #expect(!RetrievalDensity(loss: loss, batchSize: 5).isStochastic)
  }
}
