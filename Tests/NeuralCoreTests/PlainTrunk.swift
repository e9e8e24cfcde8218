import NumericCore

/// The trunk in Double, loop by loop: what the library's is compared with.
struct PlainTrunk {
  let inputChannels: Int
  let channels: [Int]
  /// Per convolution, rounded to Float.
  let weights: [[Float]]
  let biases: [[Float]]

  /// Random weights that keep the size of the numbers.
  init(inputChannels: Int, channels: [Int], seed: UInt64) {
    (self.inputChannels, self.channels) = (inputChannels, channels)
    var source = RandomSource(seed: seed)
    var (weights, biases): ([[Float]], [[Float]]) = ([], [])
    for convolution in 0..<2 * channels.count {
      let outputs = channels[convolution / 2]
      let inputs = convolution % 2 == 1 ? outputs : convolution == 0 ? inputChannels : channels[convolution / 2 - 1]
      let bound = (6 / Float(9 * inputs)).squareRoot()
      weights.append((0..<outputs * inputs * 9).map { _ in Float.random(in: -bound...bound, using: &source) })
      biases.append((0..<outputs).map { _ in Float.random(in: -0.1...0.1, using: &source) })
    }
    (self.weights, self.biases) = (weights, biases)
  }

  /// An image [channel][row][column] to what each block gives.
  func blocks(_ image: [Double], height: Int, width: Int) -> [[Double]] {
    var (values, count, height, width) = (image, inputChannels, height, width)
    return channels.indices.map { block in
      for convolution in [2 * block, 2 * block + 1] {
        values = convolved(values, inputs: count, convolution: convolution, height: height, width: width)
        count = channels[block]
      }
      if block < channels.count - 1 {
        values = pooled(values, channels: count, height: height, width: width)
        (height, width) = (height / 2, width / 2)
      }
      return values
    }
  }

  private func convolved(_ image: [Double], inputs: Int, convolution: Int, height: Int, width: Int) -> [Double] {
    let (weights, biases) = (weights[convolution], biases[convolution])
    var result = [Double](repeating: 0, count: biases.count * height * width)
    for output in biases.indices {
      for row in 0..<height {
        for column in 0..<width {
          var sum = Double(biases[output])
          for input in 0..<inputs {
            for (tap, weight) in weights[(output * inputs + input) * 9..<(output * inputs + input + 1) * 9]
              .enumerated()
            {
              let (y, x) = (row + tap / 3 - 1, column + tap % 3 - 1)
              guard (0..<height).contains(y), (0..<width).contains(x) else { continue }
              sum += Double(weight) * image[(input * height + y) * width + x]
            }
          }
          result[(output * height + row) * width + column] = max(0, sum)
        }
      }
    }
    return result
  }

  private func pooled(_ image: [Double], channels: Int, height: Int, width: Int) -> [Double] {
    (0..<channels).flatMap { channel in
      (0..<height / 2).flatMap { row in
        (0..<width / 2).map { column in
          let first = (channel * height + 2 * row) * width + 2 * column
          return (image[first] + image[first + 1] + image[first + width] + image[first + width + 1]) / 4
        }
      }
    }
  }
}
