import CNeuralKernels
public import NumericCore

/// The workspace of a network for batches of sequences of one length: forward with running or batch statistics, and
/// the gradient of what is trained.
///
/// Results do not depend on the number of threads; a call allocates next to nothing.
///
/// Unchecked sendable: one caller at a time; its threads write to ranges of their own.
public final class SequencePass: @unchecked Sendable {
  /// Most sequences of a batch.
  public let capacity: Int
  /// Steps of a sequence.
  public let steps: Int

  let weights: SequenceWeights
  let products: SequenceProducts
  let blocks: [Block]
  let head: Head
  /// Of ``SequenceWeights/values``; empty in a pass that only infers.
  let gradient: SignalBuffer<Float>

  /// Sequences of the latest ``forward(_:usesBatchStatistics:)``.
  private(set) var samples = 0

  /// PyTorch's: added to variances, and the share of a batch in the running statistics.
  static let (epsilon, momentum) = (1e-5, 0.1)

  /// - Parameters:
  ///   - weights: the network.
  ///   - capacity: most sequences of a batch.
  ///   - steps: of a sequence, at least the configuration's minimum.
  ///   - isTraining: whether gradients are wanted.
  ///   - team: the threads.
  public init(
    _ weights: SequenceWeights, capacity: Int = 1, steps: Int, isTraining: Bool = false, team: ThreadTeam = .alone
  ) {
    let configuration = weights.configuration
    precondition(capacity > 0, "A pass needs a sequence")
    precondition(steps >= configuration.minimumSteps, "\(steps) steps do not outlast the pooling")
    (self.weights, self.capacity, self.steps) = (weights, capacity, steps)
    products = SequenceProducts(team: team)
    var (blocks, steps) = ([Block](), steps)
    let following = configuration.convolutions.dropFirst() + [configuration.pointwise]
    for (convolution, next) in zip(configuration.convolutions, following) {
      let outputs = convolution.outputSteps(of: steps)
      blocks.append(
        Block(
          convolution, steps: steps, nextRows: next.rows(of: outputs) * next.pool, capacity: capacity,
          isTraining: isTraining))
      steps = outputs
    }
    self.blocks = blocks
    head = Head(configuration, steps: steps, capacity: capacity, isTraining: isTraining)
    gradient = SignalBuffer(count: isTraining ? weights.values.count : 0)
  }

  /// Bytes that the workspace of a batch takes, nearly.
  public static func bytes(
    _ configuration: SequenceConfiguration, capacity: Int, steps: Int, isTraining: Bool
  ) -> Int {
    var (total, steps) = (0, steps)
    for convolution in configuration.convolutions {
      let rows = convolution.rows(of: steps)
      total += capacity * rows * (convolution.pool * convolution.inputs + convolution.outputs)
      steps = convolution.outputSteps(of: steps)
    }
    total += capacity * steps * (configuration.width + (configuration.channels.last ?? 0))
    // Cotangents; gradients of kernels and of pooled ones, two moments, the weights themselves and the best ones.
    let trained = configuration.parameterCount + configuration.convolutions.reduce(0) { $0 + $1.weightCount }
    return 4 * (isTraining ? 2 * total + 4 * trained : total)
  }

  // MARK: - Forward

  /// Writes a sequence of the batch to be computed.
  ///
  /// - Parameters:
  ///   - sequence: [steps][inputs].
  ///   - sample: its number, below the capacity.
  public func setInput(_ sequence: UnsafePointer<Float>, sample: Int) {
    precondition(sample >= 0 && sample < capacity)
    let block = blocks[0]
    let rows = block.rows * block.convolution.pool
    (block.input.pointer + sample * rows * block.convolution.inputs)
      .update(from: sequence, count: min(steps, rows) * block.convolution.inputs)
  }

  /// Computes the outputs of the first `samples` sequences.
  ///
  /// - Parameters:
  ///   - samples: how many, up to the capacity.
  ///   - usesBatchStatistics: whether norms use mean and variance of the batch, as in training, and not the running
  ///     ones. Running statistics do not change.
  /// - Throws: ``NeuralError``.
  public func forward(_ samples: Int, usesBatchStatistics: Bool = false) throws {
    precondition((1...capacity).contains(samples), "\(samples) sequences are not between 1 and \(capacity)")
    self.samples = samples
    for (index, block) in blocks.enumerated() {
      products.convolve(
        block.convolution, rows: samples * block.rows, input: (block.input, 0),
        weights: (weights.composed[index], 0), bias: place(weights.slots.convolutions[index].bias),
        output: (block.output, 0))
      normalise(index, usesBatchStatistics: usesBatchStatistics)
    }
    let (pointwise, configuration) = (weights.configuration.pointwise, weights.configuration)
    let last = weights.slots.convolutions[blocks.count]
    products.convolve(
      pointwise, rows: samples * head.steps, input: (head.input, 0), weights: place(last.kernel),
      bias: place(last.bias), output: (head.output, 0))
    sequence_maximum(
      head.output.pointer, Int64(samples), Int64(head.steps), Int64(configuration.width), head.maxima.pointer,
      &head.places)
    products.convolve(
      head.linear, rows: samples, input: (head.maxima, 0), weights: place(weights.slots.linear.matrix),
      bias: place(weights.slots.linear.bias), output: (head.result, 0))
    try products.requireSuccess()
  }

  /// What the latest ``forward(_:usesBatchStatistics:)`` gave for a sequence.
  public func output(sample: Int) -> UnsafeBufferPointer<Float> {
    let count = weights.configuration.outputs
    return UnsafeBufferPointer(start: head.result.pointer + sample * count, count: count)
  }

  func place(_ slot: SequenceSlots.Slot) -> SequenceProducts.Place { (weights.values, slot.offset) }

  private func normalise(_ index: Int, usesBatchStatistics: Bool) {
    let (block, next) = (blocks[index], input(after: index))
    let (norm, running) = (weights.slots.norms[index], weights.running[index])
    let (values, shape) = (weights.values, block.shape(samples: samples))
    eachStretch(of: block.convolution.outputs) { first, count in
      if usesBatchStatistics {
        sequence_moments(
          block.output.pointer, shape, Int64(first), Int64(count), block.means.pointer + first,
          block.variances.pointer + first)
      }
      for channel in first..<first + count {
        let mean = usesBatchStatistics ? block.means[channel] : Double(running.means[channel])
        let variance = usesBatchStatistics ? block.variances[channel] : Double(running.variances[channel])
        let inverse = 1 / (variance + Self.epsilon).squareRoot()
        (block.means[channel], block.inverseDeviations[channel]) = (mean, inverse)
        block.centres[channel] = Float(mean)
        block.scales[channel] = Float(Double(values[norm.gain.offset + channel]) * inverse)
      }
      sequence_normalise(
        block.output.pointer, shape, Int64(first), Int64(count), block.centres.pointer + first,
        block.scales.pointer + first, values.pointer + norm.offset.offset + first, next.pointer)
    }
  }

  /// What the layer after a block takes.
  func input(after index: Int) -> SignalBuffer<Float> {
    index + 1 < blocks.count ? blocks[index + 1].input : head.input
  }

  func eachStretch(of channels: Int, _ body: @escaping @Sendable (_ first: Int, _ count: Int) -> Void) {
    let most = Int(SEQUENCE_STRETCH)
    products.team.run((channels + most - 1) / most) { index in
      body(index * most, min(most, channels - index * most))
    }
  }
}

extension SequencePass {
  /// The buffers of a block.
  ///
  /// Unchecked sendable: it belongs to the pass, whose threads write to ranges of their own.
  final class Block: @unchecked Sendable {
    let convolution: PooledConvolution
    /// Steps that it gives.
    let outputSteps: Int
    /// Rows of a sequence.
    let rows: Int
    let nextRows: Int
    /// With `overlap` rows of zeros at the end.
    let input: SignalBuffer<Float>
    let output: SignalBuffer<Float>
    /// Of the norm, in the latest pass.
    let means, variances, inverseDeviations: SignalBuffer<Double>
    let centres, scales: SignalBuffer<Float>
    /// Of the output, with `overlap` rows of zeros before it; of the input; of the pooled kernel.
    let cotangent, inputCotangent, gradient: SignalBuffer<Float>

    init(_ convolution: PooledConvolution, steps: Int, nextRows: Int, capacity: Int, isTraining: Bool) {
      let (channels, inputs) = (convolution.outputs, convolution.pool * convolution.inputs)
      self.convolution = convolution
      self.nextRows = nextRows
      outputSteps = convolution.outputSteps(of: steps)
      rows = convolution.rows(of: steps)
      input = SignalBuffer(count: (capacity * rows + convolution.overlap) * inputs)
      output = SignalBuffer(count: capacity * rows * channels)
      means = SignalBuffer(count: channels)
      variances = SignalBuffer(count: channels)
      inverseDeviations = SignalBuffer(count: channels)
      centres = SignalBuffer(count: channels)
      scales = SignalBuffer(count: channels)
      cotangent = SignalBuffer(count: isTraining ? (capacity * rows + convolution.overlap) * channels : 0)
      inputCotangent = SignalBuffer(count: isTraining ? capacity * rows * inputs : 0)
      gradient = SignalBuffer(count: isTraining ? convolution.weightCount : 0)
    }

    func shape(samples: Int) -> sequence_shape {
      sequence_shape(
        samples: Int64(samples), steps: Int64(outputSteps), rows: Int64(rows), next_rows: Int64(nextRows),
        channels: Int64(convolution.outputs))
    }

    /// Where the cotangent of the first row is.
    var cotangentStart: Int { convolution.overlap * convolution.outputs }
  }

  /// The buffers from the pointwise convolution on.
  ///
  /// Unchecked sendable: it belongs to the pass, whose threads write to ranges of their own.
  final class Head: @unchecked Sendable {
    let steps: Int
    /// The linear map.
    let linear: PooledConvolution
    let input, output, maxima, result: SignalBuffer<Float>
    var places: [Int32]
    let inputCotangent, outputCotangent, maximaCotangent, resultCotangent: SignalBuffer<Float>

    init(_ configuration: SequenceConfiguration, steps: Int, capacity: Int, isTraining: Bool) {
      let (inputs, width) = (configuration.pointwise.inputs, configuration.width)
      self.steps = steps
      linear = PooledConvolution(inputs: width, outputs: configuration.outputs, kernel: 1, pool: 1)
      input = SignalBuffer(count: capacity * steps * inputs)
      output = SignalBuffer(count: capacity * steps * width)
      maxima = SignalBuffer(count: capacity * width)
      result = SignalBuffer(count: capacity * configuration.outputs)
      places = [Int32](repeating: 0, count: capacity * width)
      let trained = isTraining ? capacity : 0
      inputCotangent = SignalBuffer(count: trained * steps * inputs)
      outputCotangent = SignalBuffer(count: trained * steps * width)
      maximaCotangent = SignalBuffer(count: trained * width)
      resultCotangent = SignalBuffer(count: trained * configuration.outputs)
    }
  }
}
