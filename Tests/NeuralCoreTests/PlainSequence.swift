import NeuralCore

/// The network of sequences in Double, layer by layer as it is defined: convolution, then pooling, then norm, then
/// ReLU. What the library's, which computes convolution and pooling as one, is compared with.
struct PlainSequence {
  let configuration: SequenceConfiguration
  /// Trained arrays by name, in PyTorch's order.
  var tensors: [String: [Double]]

  init(_ weights: SequenceWeights) {
    configuration = weights.configuration
    tensors = Dictionary(
      uniqueKeysWithValues: weights.trainedTensors.map { ($0.name, weights[$0.name].map { Double($0) }) })
  }

  /// Mean and variance (by the count) per channel that a norm saw.
  typealias Moments = [(mean: Double, variance: Double)]

  /// What the network gives for sequences [steps][inputs].
  ///
  /// - Parameter running: the statistics of each block; nil for those of the batch.
  /// - Returns: outputs, and the batch's statistics with their count.
  func forward(_ batch: [[Double]], running: [Moments]? = nil) -> (
    outputs: [[Double]], moments: [Moments], counts: [Int]
  ) {
    // [sample][channel][step]
    var values = batch.map { sequence in
      (0..<configuration.inputs).map { channel in
        (0..<sequence.count / configuration.inputs).map { sequence[$0 * configuration.inputs + channel] }
      }
    }
    var (all, counts): ([Moments], [Int]) = ([], [])
    for block in configuration.channels.indices {
      values = values.map { averaged(convolved($0, block, taps: configuration.kernel)) }
      let (normed, moments) = normalised(values, block, running: running?[block])
      counts.append(values.count * values[0][0].count)
      values = normed.map { $0.map { $0.map { max(0, $0) } } }
      all.append(moments)
    }
    let last = configuration.channels.count
    let outputs = values.map { sample -> [Double] in
      let maxima = convolved(sample, last, taps: 1).map { $0.max() ?? .nan }
      let (matrix, biases) = (tensors["linear.weight"] ?? [], tensors["linear.bias"] ?? [])
      return biases.indices.map { output in
        var sum = biases[output]
        for input in maxima.indices { sum += maxima[input] * matrix[output * maxima.count + input] }
        return sum
      }
    }
    return (outputs, all, counts)
  }

  /// The mean squared error with the statistics of the batch.
  func loss(_ batch: [[Double]], targets: [Double]) -> Double {
    let found = forward(batch).outputs.flatMap { $0 }
    return zip(found, targets).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(targets.count)
  }

  private func convolved(_ sample: [[Double]], _ layer: Int, taps: Int) -> [[Double]] {
    let (weights, biases) = (
      tensors["convolution.\(layer).weight"] ?? [], tensors["convolution.\(layer).bias"] ?? []
    )
    return biases.indices.map { output in
      (0...sample[0].count - taps).map { step in
        var sum = biases[output]
        for input in sample.indices {
          for tap in 0..<taps {
            sum += weights[(output * sample.count + input) * taps + tap] * sample[input][step + tap]
          }
        }
        return sum
      }
    }
  }

  private func averaged(_ sample: [[Double]]) -> [[Double]] {
    let pool = configuration.pool
    return sample.map { channel in
      (0..<channel.count / pool).map { step in
        channel[step * pool..<(step + 1) * pool].reduce(0, +) / Double(pool)
      }
    }
  }

  private func normalised(_ values: [[[Double]]], _ block: Int, running: Moments?) -> ([[[Double]]], Moments) {
    let (gains, offsets) = (tensors["norm.\(block).weight"] ?? [], tensors["norm.\(block).bias"] ?? [])
    var (result, moments): ([[[Double]]], Moments) = (values, [])
    for channel in gains.indices {
      let all = values.flatMap { $0[channel] }
      let mean = all.reduce(0, +) / Double(all.count)
      let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count)
      moments.append((mean, variance))
      let used = running?[channel] ?? (mean: mean, variance: variance)
      let scale = gains[channel] / (used.variance + 1e-5).squareRoot()
      for sample in values.indices {
        result[sample][channel] = values[sample][channel].map { ($0 - used.mean) * scale + offsets[channel] }
      }
    }
    return (result, moments)
  }
}
