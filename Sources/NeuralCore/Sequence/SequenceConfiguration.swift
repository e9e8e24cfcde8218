/// A network of sequences as numbers: blocks of convolution over time, average pooling, batch normalisation and
/// ReLU, then a convolution of one step, the maximum over time and a linear map.
///
/// The defaults are those of the regression network of arXiv 2505.11315 (9.25 million parameters with 130 outputs).
public struct SequenceConfiguration: Sendable, Hashable, Codable {
  /// Numbers of a step of the sequence.
  public var inputs: Int
  /// Channels that the blocks give.
  public var channels: [Int]
  /// Steps that a block's convolution sees.
  public var kernel: Int
  /// Steps that a block averages, without overlap; what is left at the end is dropped.
  public var pool: Int
  /// Channels of the convolution of one step, of which the maximum over time is taken.
  public var width: Int
  /// Numbers that the network gives.
  public var outputs: Int

  /// The published sizes, unless others are given.
  public init(
    inputs: Int = 332, channels: [Int] = [512, 512, 768, 1024], kernel: Int = 5, pool: Int = 3, width: Int = 1024,
    outputs: Int
  ) {
    (self.inputs, self.channels, self.kernel, self.pool) = (inputs, channels, kernel, pool)
    (self.width, self.outputs) = (width, outputs)
  }

  /// Fewest steps of which something is left for the maximum.
  public var minimumSteps: Int { channels.reduce(1) { steps, _ in steps * pool + kernel - 1 } }

  /// Trained numbers, without the running statistics.
  public var parameterCount: Int { SequenceSlots(self).count }

  /// What is wrong with the numbers, for a file that brings its own; nil if nothing is.
  public var fault: String? {
    guard ([inputs, width, outputs] + channels).allSatisfy({ (1...100_000).contains($0) }) else {
      return "a size is not between 1 and 100000"
    }
    guard (1...16).contains(channels.count) else { return "it has \(channels.count) blocks, not 1 to 16" }
    guard (1...64).contains(kernel), (1...64).contains(pool) else {
      return "its kernel of \(kernel) or its pooling of \(pool) steps is not between 1 and 64"
    }
    return nil
  }

  /// The convolutions of the blocks.
  var convolutions: [PooledConvolution] {
    zip([inputs] + channels, channels).map {
      PooledConvolution(inputs: $0, outputs: $1, kernel: kernel, pool: pool)
    }
  }

  /// The convolution of one step.
  var pointwise: PooledConvolution {
    PooledConvolution(inputs: channels.last ?? inputs, outputs: width, kernel: 1, pool: 1)
  }
}
