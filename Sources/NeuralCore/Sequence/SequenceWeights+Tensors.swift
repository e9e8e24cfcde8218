import NumericCore

// Single arrays, in the shapes of files, for tests.

extension SequenceWeights {
  /// The trained array of a name.
  package subscript(name: String) -> [Float] {
    get { slot(name).stored(values.pointer + slot(name).offset) }
    set {
      slot(name).keep(newValue, in: values.pointer + slot(name).offset)
      compose(.alone)
    }
  }

  /// Running means and variances of a block's norm.
  package func runningStatistics(ofBlock block: Int) -> (means: [Float], variances: [Float]) {
    (running[block].means.array, running[block].variances.array)
  }

  /// Names and shapes of the trained arrays.
  package var trainedTensors: [(name: String, shape: [Int])] { slots.slots.map { ($0.name, $0.shape) } }

  func slot(_ name: String) -> SequenceSlots.Slot {
    guard let slot = slots.slots.first(where: { $0.name == name }) else {
      preconditionFailure("There is no \(name)")
    }
    return slot
  }
}

extension SequenceTrainer {
  /// The mean squared error of the first `samples` sequences of the pass; its gradient is in ``gradient(_:)``.
  ///
  /// - Throws: ``NeuralError``.
  package func evaluate(_ samples: Int, targets: [Float]) throws -> Double {
    try lossAndGradient(samples, targets: targets)
  }

  /// The latest gradient of the trained array of a name.
  package func gradient(_ name: String) -> [Float] {
    let slot = weights.slot(name)
    return slot.stored(pass.gradient.pointer + slot.offset)
  }
}
