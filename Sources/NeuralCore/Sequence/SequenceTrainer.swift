import CNeuralKernels
public import NumericCore

/// The settings of AdamW (Loshchilov and Hutter, arXiv 1711.05101), with PyTorch's defaults.
public struct AdamW: Sendable, Hashable, Codable {
  /// Length of a step.
  public var learningRate = 1e-3
  /// Decay of the mean of gradients, and of their squares.
  public var firstDecay = 0.9, secondDecay = 0.999
  /// Added to the root of the mean square.
  public var epsilon = 1e-8
  /// Every step takes this share of the learning rate off each weight.
  public var weightDecay = 0.01

  /// The published settings.
  public init() {}

  /// One step for some numbers, the `step`-th from 1.
  func update(
    _ values: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    moments: (first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>), count: Int, step: Int
  ) {
    sequence_adamw_step(
      sequence_adamw(
        learning_rate: learningRate, first_decay: firstDecay, second_decay: secondDecay, epsilon: epsilon,
        weight_decay: weightDecay, step: Int64(step)), Int64(count), gradient, values, moments.first, moments.second
    )
  }
}

/// Trains a network of sequences: mean squared error, gradient, AdamW, batch by batch.
///
/// The same batches give the same bits with any number of threads.
public final class SequenceTrainer {
  /// What is trained.
  public let weights: SequenceWeights
  /// Where batches are put.
  public let pass: SequencePass
  /// Of AdamW.
  public let settings: AdamW
  /// Steps so far.
  public private(set) var stepCount = 0

  private let moments: (first: SignalBuffer<Float>, second: SignalBuffer<Float>)

  /// - Parameters:
  ///   - weights: where it begins; they are changed.
  ///   - capacity: most sequences of a batch.
  ///   - steps: of a sequence.
  ///   - settings: of AdamW.
  ///   - team: the threads.
  public init(_ weights: SequenceWeights, capacity: Int, steps: Int, settings: AdamW = AdamW(), team: ThreadTeam) {
    (self.weights, self.settings) = (weights, settings)
    pass = SequencePass(weights, capacity: capacity, steps: steps, isTraining: true, team: team)
    moments = (SignalBuffer(count: weights.values.count), SignalBuffer(count: weights.values.count))
  }

  /// Whether norms can take the variance of a batch of `samples`: it needs two numbers of each channel.
  public func canTrain(on samples: Int) -> Bool { samples * (pass.blocks.last?.outputSteps ?? 0) > 1 }

  /// The mean squared error of the first `samples` sequences of the pass, and its gradient.
  ///
  /// - Parameter targets: [samples][outputs].
  /// - Throws: ``NeuralError``.
  func lossAndGradient(_ samples: Int, targets: [Float]) throws -> Double {
    try pass.forward(samples, usesBatchStatistics: true)
    let outputs = weights.configuration.outputs
    precondition(
      targets.count == samples * outputs, "\(targets.count) targets are not those of \(samples) sequences")
    var sum = 0.0
    for sample in 0..<samples {
      for (index, value) in pass.output(sample: sample).enumerated() {
        let difference = Double(value) - Double(targets[sample * outputs + index])
        sum += difference * difference
        pass.resultCotangent[sample * outputs + index] = Float(2 * difference / Double(targets.count))
      }
    }
    try pass.backward()
    return sum / Double(targets.count)
  }

  /// One step on the first `samples` sequences of the pass.
  ///
  /// - Parameters:
  ///   - samples: how many, up to the capacity; see ``canTrain(on:)``.
  ///   - targets: [samples][outputs].
  /// - Returns: the mean squared error before the step, which is not taken if that is not finite.
  /// - Throws: ``NeuralError``.
  public func step(_ samples: Int, targets: [Float]) throws -> Double {
    precondition(canTrain(on: samples), "A batch of \(samples) sequences has no variance")
    let loss = try lossAndGradient(samples, targets: targets)
    guard loss.isFinite else { return loss }
    stepCount += 1
    pass.updateRunningStatistics()
    let (count, stretch) = (weights.values.count, 1 << 16)
    let (values, gradient, moments, settings, step) = (
      weights.values, pass.gradient, moments, settings, stepCount
    )
    pass.products.team.run((count + stretch - 1) / stretch) { index in
      let start = index * stretch
      settings.update(
        values.pointer + start, gradient: gradient.pointer + start,
        moments: (moments.first.pointer + start, moments.second.pointer + start),
        count: min(stretch, count - start), step: step)
    }
    weights.compose(pass.products.team)
    return loss
  }

  // MARK: - State

  /// Adds to a file what the next step depends on beside the weights.
  public func add(to file: inout SafeTensorsWriter) {
    file.add("moments.first", moments.first.array, shape: [moments.first.count])
    file.add("moments.second", moments.second.array, shape: [moments.second.count])
  }

  /// Goes on where a file left off.
  ///
  /// - Parameters:
  ///   - tensors: the file.
  ///   - stepCount: steps that had been taken.
  /// - Throws: `FileReadError`, ``SafeTensorsError``.
  public func restore(_ tensors: SafeTensors, stepCount: Int) throws {
    for (name, buffer) in [("moments.first", moments.first), ("moments.second", moments.second)] {
      buffer.pointer.update(from: try tensors.floats(name, shape: [buffer.count]), count: buffer.count)
    }
    self.stepCount = stepCount
  }
}
