import NeuralCore
import NumericCore
import TestSupport
import Testing

/// Steps of training: AdamW and running statistics by PyTorch's formulas, and what must not matter.
struct SequenceTrainerTests {
  private func tensors(_ weights: SequenceWeights) -> [[Float]] {
    weights.trainedTensors.map { weights[$0.name] }
      + weights.configuration.channels.indices.flatMap {
        [weights.runningStatistics(ofBlock: $0).means, weights.runningStatistics(ofBlock: $0).variances]
      }
  }

  /// Three steps in Double from the library's own gradients: torch.optim.AdamW without amsgrad, as its documentation
  /// writes it. Float leaves 1e-7 of a weight, and steps are 1e-2.
  @Test func stepsAreThoseOfAdamW() throws {
    var settings = AdamW()
    (settings.learningRate, settings.weightDecay) = (0.01, 0.1)
    let material = SequenceMaterial()
    let trainer = material.makeTrainer(settings)
    let names = material.weights.trainedTensors.map(\.name)
    var values = names.map { material.weights[$0].map { Double($0) } }
    var (first, second) = (values.map { $0.map { _ in 0.0 } }, values.map { $0.map { _ in 0.0 } })
    for step in 1...3 {
      _ = try trainer.step(3, targets: material.targets)
      #expect(trainer.stepCount == step)
      for (tensor, name) in names.enumerated() {
        for (index, gradient) in trainer.gradient(name).enumerated() {
          let g = Double(gradient)
          var theta = values[tensor][index]
          theta -= 0.01 * 0.1 * theta
          first[tensor][index] = 0.9 * first[tensor][index] + 0.1 * g
          second[tensor][index] = 0.999 * second[tensor][index] + 0.001 * g * g
          let (a, b) = (
            first[tensor][index] / (1 - 0.9.raised(to: step)), second[tensor][index] / (1 - 0.999.raised(to: step))
          )
          values[tensor][index] = theta - 0.01 * a / (b.squareRoot() + 1e-8)
        }
        #expect(largestDifference(trainer.weights[name].map { Double($0) }, values[tensor]) < 2e-6, "\(name)")
      }
    }
  }

  /// running <- 0.9 running + 0.1 batch, with the variance divided by count - 1.
  @Test func runningStatisticsFollow() throws {
    let material = SequenceMaterial()
    let trainer = material.makeTrainer()
    let seen = PlainSequence(material.weights).forward(material.doubles)
    _ = try trainer.step(3, targets: material.targets)
    for block in 0..<2 {
      let running = trainer.weights.runningStatistics(ofBlock: block)
      let count = Double(seen.counts[block])
      #expect(largestDifference(running.means.map { Double($0) }, seen.moments[block].map { 0.1 * $0.mean }) < 1e-6)
      #expect(
        largestDifference(
          running.variances.map { Double($0) },
          seen.moments[block].map { 0.9 + 0.1 * $0.variance * count / (count - 1) }) < 1e-6)
    }
  }

  /// With the running statistics near those of the only batch, training and inference agree.
  @Test func fewSequencesAreLearnedByHeart() throws {
    var settings = AdamW()
    settings.learningRate = 0.01
    let material = SequenceMaterial(samples: 4, channels: [16, 16])
    let trainer = material.makeTrainer(settings)
    var losses: [Double] = []
    for _ in 0..<400 { losses.append(try trainer.step(4, targets: material.targets)) }
    #expect(losses[0] > 0.1 && losses.suffix(10).allSatisfy { $0 < 1e-3 }, "\(losses.suffix(3))")
    try trainer.pass.forward(4)
    let found = (0..<4).flatMap { trainer.pass.output(sample: $0).map { Double($0) } }
    #expect(largestDifference(found, material.targets.map { Double($0) }) < 0.2)
  }

  /// Layers of several tiles and stretches.
  @Test func threadsDoNotMatter() throws {
    let material = SequenceMaterial(steps: 200, samples: 20, channels: [300, 520])
    func trained(_ threads: Int) throws -> [[Float]] {
      let trainer = material.makeTrainer(threads: threads)
      for samples in [20, 7, 20] {
        _ = try trainer.step(samples, targets: Array(material.targets.prefix(3 * samples)))
      }
      return tensors(trainer.weights)
    }
    let one = try trained(1)
    #expect(try one == trained(2) && one == trained(5))
  }

  @Test func stateGoesOn() throws {
    let scratch = try Scratch()
    let material = SequenceMaterial()
    let (whole, first) = (material.makeTrainer(), material.makeTrainer())
    for _ in 0..<4 { _ = try whole.step(3, targets: material.targets) }
    for _ in 0..<2 { _ = try first.step(3, targets: material.targets) }
    var file = SafeTensorsWriter()
    first.weights.add(to: &file, prefix: "w.")
    first.add(to: &file)
    try file.write(to: scratch.file("state.safetensors"), overwrite: false)
    let stored = try SafeTensors(path: scratch.file("state.safetensors"))
    let weights = try SequenceWeights(stored, configuration: material.weights.configuration, prefix: "w.")
    #expect(tensors(weights) == tensors(first.weights))
    let second = SequenceTrainer(weights, capacity: 3, steps: 40, team: .alone)
    try second.restore(stored, stepCount: 2)
    material.put(into: second.pass)
    for _ in 0..<2 { _ = try second.step(3, targets: material.targets) }
    #expect(tensors(second.weights) == tensors(whole.weights))
  }

  /// A loss that is no number is reported, and changes nothing.
  @Test func lossThatIsNotFiniteTakesNoStep() throws {
    let material = SequenceMaterial()
    let trainer = material.makeTrainer()
    let before = tensors(trainer.weights)
    var targets = material.targets
    targets[4] = .infinity
    #expect(try trainer.step(3, targets: targets).isFinite == false)
    #expect(trainer.stepCount == 0 && tensors(trainer.weights) == before)
  }

  /// The variance of one number is none.
  @Test func normsNeedTwoNumbers() {
    let material = SequenceMaterial(kernel: 1, pool: 2, steps: 4)
    #expect(!material.makeTrainer().canTrain(on: 1) && material.makeTrainer().canTrain(on: 2))
    #expect(SequenceMaterial().makeTrainer().canTrain(on: 1))
  }
}

extension Double {
  fileprivate func raised(to power: Int) -> Double { (0..<power).reduce(1) { product, _ in product * self } }
}
