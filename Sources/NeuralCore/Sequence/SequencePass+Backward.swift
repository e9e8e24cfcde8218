import CNeuralKernels
import NumericCore

extension SequencePass {
  /// The cotangent of the outputs [samples][outputs], filled by the caller before ``backward()``.
  var resultCotangent: UnsafeMutablePointer<Float> { head.resultCotangent.pointer }

  /// Overwrites ``gradient`` by that of everything trained, at the batch of the latest forward pass, which used the
  /// statistics of the batch: mean and variance depend on the weights too.
  ///
  /// - Throws: ``NeuralError``.
  func backward() throws {
    let slots = weights.slots
    let pointwise = weights.configuration.pointwise
    // The linear map and the pointwise convolution are both products of rows with a matrix.
    back(
      head.linear, rows: samples, input: head.maxima, slots: slots.linear, cotangent: head.resultCotangent,
      into: head.maximaCotangent)
    sequence_maximum_adjoint(
      head.maximaCotangent.pointer, head.places, Int64(samples), Int64(head.steps), Int64(pointwise.outputs),
      head.outputCotangent.pointer)
    let last = slots.convolutions[blocks.count]
    back(
      pointwise, rows: samples * head.steps, input: head.input, slots: (last.kernel, last.bias),
      cotangent: head.outputCotangent, into: head.inputCotangent)
    for index in blocks.indices.reversed() {
      normaliseAdjoint(index)
      let block = blocks[index]
      let (rows, cotangent) = (samples * block.rows, (block.cotangent, block.cotangentStart))
      products.weightGradient(
        block.convolution, rows: rows, input: (block.input, 0), cotangent: cotangent, gradient: (block.gradient, 0))
      let kernel = gradient.pointer + slots.convolutions[index].kernel.offset
      for tap in 0..<block.convolution.kernel {
        block.convolution.decompose(tap: tap, of: block.gradient.pointer, into: kernel)
      }
      guard index > 0 else { break }
      products.inputCotangent(
        block.convolution, rows: rows, cotangent: cotangent, weights: (weights.composed[index], 0),
        result: (block.inputCotangent, 0))
    }
    try products.requireSuccess()
  }

  private func back(
    _ map: PooledConvolution, rows: Int, input: SignalBuffer<Float>,
    slots: (SequenceSlots.Slot, SequenceSlots.Slot), cotangent: SignalBuffer<Float>,
    into result: SignalBuffer<Float>
  ) {
    products.weightGradient(
      map, rows: rows, input: (input, 0), cotangent: (cotangent, 0), gradient: (gradient, slots.0.offset))
    sequence_sums(cotangent.pointer, Int64(rows), Int64(map.outputs), gradient.pointer + slots.1.offset)
    products.inputCotangent(
      map, rows: rows, cotangent: (cotangent, 0), weights: place(slots.0), result: (result, 0))
  }

  private func normaliseAdjoint(_ index: Int) {
    let (block, next) = (blocks[index], input(after: index))
    let nextCotangent = index + 1 < blocks.count ? blocks[index + 1].inputCotangent : head.inputCotangent
    let (shape, norm) = (block.shape(samples: samples), weights.slots.norms[index])
    let bias = weights.slots.convolutions[index].bias
    let (values, gradient) = (weights.values, gradient)
    eachStretch(of: block.convolution.outputs) { first, count in
      sequence_normalise_adjoint(
        block.output.pointer, shape, Int64(first), Int64(count), block.means.pointer + first,
        block.inverseDeviations.pointer + first, values.pointer + norm.gain.offset + first, next.pointer,
        nextCotangent.pointer, block.cotangent.pointer + block.cotangentStart,
        gradient.pointer + norm.gain.offset + first, gradient.pointer + norm.offset.offset + first,
        gradient.pointer + bias.offset + first)
    }
  }

  /// Moves the running statistics towards those of the latest forward pass: mean and unbiased variance, by a tenth.
  func updateRunningStatistics() {
    for (block, running) in zip(blocks, weights.running) {
      let size = Double(samples * block.outputSteps)
      for channel in 0..<block.convolution.outputs {
        let variance = block.variances[channel] * size / (size - 1)
        running.means[channel] += Float(Self.momentum) * (Float(block.means[channel]) - running.means[channel])
        running.variances[channel] += Float(Self.momentum) * (Float(variance) - running.variances[channel])
      }
    }
  }
}
