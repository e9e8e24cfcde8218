import CNeuralKernels
import Synchronization

/// Blocks of two 3x3 convolutions, each with bias and ReLU, with 2x2 average pooling after every block but the
/// last: the trunk of the Cnn14 networks (Kong et al., PANNs, arXiv 1912.10211), on oneDNN.
///
/// The weights are constant and shared by any number of passes. They are asked for when a pass needs them in a
/// layout that no earlier one had, and are not kept in any other.
///
/// Unchecked sendable: what changes, the list of layouts, is guarded by a lock.
public final class ConvolutionTrunk: @unchecked Sendable {
  /// The weights [output][input][3][3] of a convolution and its biases [output], norms folded in.
  public typealias Source = @Sendable (_ convolution: Int) throws -> (weights: [Float], biases: [Float])

  /// Channels of the image.
  public let inputChannels: Int
  /// Channels that each block gives.
  public let channels: [Int]
  /// The numbers that it computes with.
  public let precision: NeuralPrecision

  let handle: OpaquePointer
  private let source: Source
  private let making = Mutex(())

  /// Most blocks of a trunk.
  public static let maximumBlocks = 16

  /// - Parameters:
  ///   - inputChannels: channels of the image.
  ///   - channels: those that each block gives, 1 to 16 blocks.
  ///   - precision: the numbers to compute with.
  ///   - source: gives the weights of convolution 0, 1, ...; 2 b and 2 b + 1 are those of block b.
  /// - Throws: ``NeuralError``.
  public init(inputChannels: Int, channels: [Int], precision: NeuralPrecision = .float32, source: @escaping Source)
    throws
  {
    precondition(inputChannels > 0 && channels.allSatisfy { $0 > 0 }, "A trunk needs channels")
    precondition(
      (1...Self.maximumBlocks).contains(channels.count), "A trunk has 1 to 16 blocks, not \(channels.count)")
    (self.inputChannels, self.channels, self.precision, self.source) = (inputChannels, channels, precision, source)
    var made: OpaquePointer?
    let numbers = channels.map { Int32($0) }
    try check(
      neural_trunk_create(
        &made, Int32(inputChannels), Int32(numbers.count), numbers,
        precision == .bfloat16 ? NEURAL_BFLOAT16 : NEURAL_FLOAT32), precision)
    guard let made else { throw NeuralError.failed }
    handle = made
  }

  deinit { neural_trunk_destroy(handle) }

  /// Bytes that the weights take, in all layouts so far.
  public var weightBytes: Int { making.withLock { _ in neural_trunk_bytes(handle) } }

  /// Makes a pass, one at a time.
  ///
  /// - Throws: ``NeuralError``, what the source of the weights throws.
  func makePass(images: Int, height: Int, width: Int) throws -> OpaquePointer {
    // The kernel calls back while the pass is made and not later.
    final class Box {
      let source: Source
      var failure: (any Error)?
      init(_ source: @escaping Source) { self.source = source }
    }
    let box = Box(source)
    var made: OpaquePointer?
    let status = making.withLock { _ in
      neural_pass_create(
        &made, handle, Int32(images), Int32(height), Int32(width),
        { context, convolution, weights, biases in
          guard let context, let weights, let biases else { return 1 }
          let box = Unmanaged<Box>.fromOpaque(context).takeUnretainedValue()
          do {
            let (own, ownBiases) = try box.source(Int(convolution))
            weights.update(from: own, count: own.count)
            biases.update(from: ownBiases, count: ownBiases.count)
            return 0
          } catch {
            box.failure = error
            return 1
          }
        }, Unmanaged.passUnretained(box).toOpaque())
    }
    if let failure = box.failure { throw failure }
    try check(status, precision)
    guard let made else { throw NeuralError.failed }
    return made
  }
}

extension NeuralPrecision {
  /// Makes the smallest network of these numbers, which tells whether this processor computes with them.
  ///
  /// - Throws: ``NeuralError/unsupported(_:)`` if it does not, ``NeuralError`` for what else failed.
  public func requireSupport() throws {
    let trunk = try ConvolutionTrunk(inputChannels: 1, channels: [1], precision: self) { _ in
      ([Float](repeating: 0, count: 9), [0])
    }
    _ = try TrunkPass(trunk, height: 1, width: 1)
  }
}

/// Throws what a status of the kernel says.
func check(_ status: neural_status, _ precision: NeuralPrecision) throws {
  switch status {
  case NEURAL_OK: return
  case NEURAL_NO_MEMORY: throw NeuralError.outOfMemory
  case NEURAL_UNSUPPORTED: throw NeuralError.unsupported(precision)
  default: throw NeuralError.failed
  }
}
