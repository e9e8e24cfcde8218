import NeuralCore
import NumericCore

/// Small networks with random weights and batches, and how to run them.
struct SequenceMaterial {
  let weights: SequenceWeights
  let batch: [[Float]]
  let targets: [Float]
  let steps: Int

  /// Kernels, pools and steps: the published ones; pooling that leaves a remainder; one that leaves none; kernels
  /// that span less than a pool; no pooling at all.
  static let shapes = [
    (5, 3, 40), (4, 3, 41), (3, 2, 23), (1, 2, 13), (1, 3, 32), (3, 1, 9), (1, 1, 4), (2, 5, 60),
  ]

  init(
    kernel: Int = 5, pool: Int = 3, steps: Int = 40, samples: Int = 3, channels: [Int] = [4, 5], seed: UInt64 = 7
  ) {
    let configuration = SequenceConfiguration(
      inputs: 3, channels: channels, kernel: kernel, pool: pool, width: 6, outputs: 3)
    var source = RandomSource(seed: seed)
    let weights = SequenceWeights(configuration, using: &source)
    // Norms that are not the identity.
    for block in channels.indices {
      weights["norm.\(block).weight"] = channels[block].numbers(0.5...1.5, &source)
      weights["norm.\(block).bias"] = channels[block].numbers(-0.3...0.7, &source)
    }
    self.weights = weights
    self.steps = steps
    batch = (0..<samples).map { _ in (steps * 3).numbers(-1...1, &source) }
    targets = (samples * 3).numbers(-1...1, &source)
  }

  func makeTrainer(_ settings: AdamW = AdamW(), threads: Int = 1) -> SequenceTrainer {
    let trainer = SequenceTrainer(
      weights.copy(), capacity: batch.count, steps: steps, settings: settings, team: ThreadTeam(threads: threads))
    put(into: trainer.pass)
    return trainer
  }

  func put(into pass: SequencePass) {
    for (sample, sequence) in batch.enumerated() { pass.setInput(sequence, sample: sample) }
  }

  var doubles: [[Double]] { batch.map { $0.map { Double($0) } } }
}

extension Int {
  /// So many random numbers.
  func numbers(_ range: ClosedRange<Float>, _ source: inout RandomSource) -> [Float] {
    (0..<self).map { _ in Float.random(in: range, using: &source) }
  }
}
