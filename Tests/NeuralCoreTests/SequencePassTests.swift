import NeuralCore
import NumericCore
import TestSupport
import Testing

/// The network against plain loops in Double, and its gradient against central differences of those.
struct SequencePassTests {
  private func outputs(_ pass: SequencePass, _ samples: Int) -> [Double] {
    (0..<samples).flatMap { pass.output(sample: $0).map { Double($0) } }
  }

  /// Rounding of Float in sums of a hundred products, divided by the deviation of a batch: a few 1e-7.
  @Test(arguments: SequenceMaterial.shapes)
  func forwardAgrees(kernel: Int, pool: Int, steps: Int) throws {
    let material = SequenceMaterial(kernel: kernel, pool: pool, steps: steps)
    let plain = PlainSequence(material.weights)
    let pass = SequencePass(material.weights, capacity: 5, steps: steps)
    material.put(into: pass)
    try pass.forward(3, usesBatchStatistics: true)
    let expected = plain.forward(material.doubles)
    #expect(relativeNormError(outputs(pass, 3), expected.outputs.flatMap { $0 }) < 1e-5)
    // Fresh running statistics: mean 0, variance 1.
    try pass.forward(2)
    let running = material.weights.configuration.channels.map { [(mean: 0.0, variance: 1.0)].repeated($0) }
    let inferred = plain.forward(Array(material.doubles.prefix(2)), running: running)
    #expect(relativeNormError(outputs(pass, 2), inferred.outputs.flatMap { $0 }) < 1e-5)
  }

  /// Every coordinate of every array, through norms whose statistics depend on the weights.
  @Test(arguments: SequenceMaterial.shapes)
  func gradientIsThatOfTheDerivative(kernel: Int, pool: Int, steps: Int) throws {
    let material = SequenceMaterial(kernel: kernel, pool: pool, steps: steps)
    let trainer = material.makeTrainer()
    let (plain, targets) = (PlainSequence(material.weights), material.targets.map { Double($0) })
    let loss = try trainer.evaluate(3, targets: material.targets)
    #expect(abs(loss - plain.loss(material.doubles, targets: targets)) < 1e-5 * loss)
    for (name, _) in material.weights.trainedTensors {
      let found = trainer.gradient(name).map { Double($0) }
      let point = try #require(plain.tensors[name])
      let expected = point.indices.map { coordinate in
        centralDifference(
          of: { moved in
            var other = plain
            other.tensors[name] = moved
            return other.loss(material.doubles, targets: targets)
          }, at: point, coordinate: coordinate, step: 1e-5)
      }
      if name.hasPrefix("convolution"), name.hasSuffix("bias"), !name.contains("2") {
        // A norm takes a constant away again: the derivative is zero, up to rounding.
        #expect(largestDifference(found, expected) < 1e-6, "\(name)")
      } else {
        #expect(relativeNormError(found, expected) < 1e-4, "\(name)")
        #expect(found.contains { $0 != 0 }, "\(name)")
      }
    }
  }

  /// A batch that does not fill the workspace, after one that did, and each sequence by itself.
  @Test func sequencesOfABatchDoNotMix() throws {
    let material = SequenceMaterial(samples: 4)
    let pass = SequencePass(material.weights, capacity: 4, steps: 40)
    material.put(into: pass)
    try pass.forward(4)
    let together = outputs(pass, 4)
    try pass.forward(2)
    // How products are cut into tiles, and so how they round, may depend on the size of the batch (AVX2 does).
    #expect(relativeNormError(outputs(pass, 2), Array(together.prefix(6))) < 1e-6)
    let alone = SequencePass(material.weights, steps: 40)
    for (sample, sequence) in material.batch.enumerated() {
      alone.setInput(sequence, sample: 0)
      try alone.forward(1)
      #expect(relativeNormError(outputs(alone, 1), Array(together[sample * 3..<sample * 3 + 3])) < 1e-6)
    }
  }

  /// A number that is none is not lost in a ReLU or a maximum.
  @Test func nanIsSeen() throws {
    let material = SequenceMaterial()
    let pass = SequencePass(material.weights, capacity: 3, steps: 40)
    for step in [0, 20, 30] {
      material.put(into: pass)
      var sequence = material.batch[1]
      sequence[3 * step] = .nan
      pass.setInput(sequence, sample: 1)
      try pass.forward(3)
      #expect(outputs(pass, 3).map(\.isNaN) == [false, false, false, true, true, true, false, false, false])
    }
  }

  @Test func publishedNetworkHasItsSize() {
    let configuration = SequenceConfiguration(outputs: 130)
    #expect(configuration.parameterCount == 9_250_178)
    // Four kernels of 5 and poolings by 3: 1 -> 7 -> 25 -> 79 -> 241.
    #expect(configuration.minimumSteps == 241)
    #expect(configuration.fault == nil)
    #expect(SequenceConfiguration(channels: [], outputs: 1).fault?.contains("0 blocks") == true)
    #expect(SequenceConfiguration(kernel: 0, outputs: 1).fault?.contains("kernel of 0") == true)
    #expect(SequenceConfiguration(outputs: 0).fault?.contains("size") == true)
  }
}

extension Array {
  fileprivate func repeated(_ count: Int) -> [Element] { (0..<count).flatMap { _ in self } }
}
