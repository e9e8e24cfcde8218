import CNeuralKernels

/// The workspace of a ``ConvolutionTrunk`` for images of one size, with what the way back needs of the latest
/// image.
///
/// Computes on the calling thread alone, so that results do not depend on the number of threads; a call allocates
/// nothing.
///
/// Unchecked sendable: one caller at a time.
public final class TrunkPass: @unchecked Sendable {
  /// Images per call.
  public let images: Int
  /// Rows and columns of an image.
  public let height, width: Int
  private let trunk: ConvolutionTrunk
  private let handle: OpaquePointer

  /// - Parameters:
  ///   - trunk: the weights.
  ///   - images: images per call.
  ///   - height: rows of an image; every pooling halves them, and some must be left.
  ///   - width: columns, likewise.
  /// - Throws: ``NeuralError``, what the source of the trunk's weights throws.
  public init(_ trunk: ConvolutionTrunk, images: Int = 1, height: Int, width: Int) throws {
    precondition(images > 0, "A pass needs an image")
    let least = 1 << (trunk.channels.count - 1)
    precondition(min(height, width) >= least, "Images of \(height) x \(width) do not outlast the pooling")
    (self.trunk, self.images, self.height, self.width) = (trunk, images, height, width)
    handle = try trunk.makePass(images: images, height: height, width: width)
  }

  deinit { neural_pass_destroy(handle) }

  /// Bytes that the workspace takes, without the weights.
  public var bytes: Int { neural_pass_bytes(handle) }

  /// Rows and columns of what a block gives.
  public func size(ofBlock block: Int) -> (height: Int, width: Int) {
    var (height, width): (Int32, Int32) = (0, 0)
    neural_pass_size(handle, Int32(block), &height, &width)
    return (Int(height), Int(width))
  }

  /// Numbers that a block gives, for all images.
  public func count(ofBlock block: Int) -> Int {
    let (height, width) = size(ofBlock: block)
    return images * trunk.channels[block] * height * width
  }

  /// - Parameters:
  ///   - image: [image][channel][row][column].
  ///   - features: overwritten by what the last block gives, [image][channel][row][column].
  /// - Throws: ``NeuralError``.
  public func forward(_ image: UnsafePointer<Float>, into features: UnsafeMutablePointer<Float>) throws {
    try check(neural_pass_forward(handle, image, features), trunk.precision)
  }

  /// What a block gave in the latest ``forward(_:into:)``.
  ///
  /// - Throws: ``NeuralError``.
  public func output(ofBlock block: Int) throws -> [Float] {
    var output = [Float](repeating: 0, count: count(ofBlock: block))
    try check(neural_pass_block(handle, Int32(block), &output), trunk.precision)
    return output
  }

  /// The adjoint at the image of the latest ``forward(_:into:)``; may be called any number of times for it.
  ///
  /// - Parameters:
  ///   - cotangent: of the features.
  ///   - image: overwritten by that of the image.
  /// - Throws: ``NeuralError``.
  public func pullback(_ cotangent: UnsafePointer<Float>, into image: UnsafeMutablePointer<Float>) throws {
    try check(neural_pass_backward(handle, cotangent, image), trunk.precision)
  }
}
