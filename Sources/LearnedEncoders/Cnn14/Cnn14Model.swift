public import NeuralCore
import NumericCore
import Synchronization

/// The weights of a Cnn14, ready to compute, and the workspaces that its encoders share.
///
/// A segment of 11 s needs about 230 MB of activations for the way back. Workspaces stay with the segment that used
/// them as long as all of them fit 1 GiB; beyond that they change hands, and the way back of a segment that lost
/// its own computes its forward pass once more, with the same result.
public final class Cnn14Model: Sendable {
  /// Of which network.
  public let configuration: Cnn14Configuration
  /// The numbers that the trunk computes with.
  public let precision: NeuralPrecision
  /// What files call the encoder; see ``Cnn14Weights/encoderName(precision:)``.
  public let encoderName: String

  let trunk: ConvolutionTrunk
  let heads: [EncoderHead]
  let bands: BandMatrix<Float>

  private struct Pool {
    struct Size: Hashable { let frameCount, sampleRate: Int }
    /// Bytes up to which a segment gets a workspace of its own rather than another's.
    var keptBytes = 1 << 30
    var free: [Size: [Cnn14Workspace]] = [:]
    var bytes = 0
    var uses = 0
  }
  private let pool = Mutex(Pool())

  /// - Parameters:
  ///   - weights: of which those of the convolutions are read as they are needed.
  ///   - precision: the numbers that the trunk computes with.
  /// - Throws: `NeuralError`, what reading the weights throws.
  public init(_ weights: Cnn14Weights, precision: NeuralPrecision = .float32) throws {
    try precision.requireSupport()
    configuration = weights.configuration
    self.precision = precision
    encoderName = weights.encoderName(precision: precision)
    trunk = try ConvolutionTrunk(
      inputChannels: configuration.imageChannels, channels: configuration.channels, precision: precision,
      source: { try weights.convolution($0) })
    heads = try configuration.heads.map { try EncoderHead($0, weights: weights) }
    bands =
      try weights.melWeights().map { BandMatrix($0, binCount: weights.configuration.binCount) }
      ?? BandMatrix(
        slaneyBands: configuration.bandCount, windowLength: configuration.windowLength,
        sampleRate: configuration.sampleRate, range: configuration.lowestHz...configuration.highestHz)
  }

  /// Bytes of the weights, in all layouts so far.
  public var weightBytes: Int { trunk.weightBytes }
  /// Bytes of all workspaces so far, those in use included.
  public var workspaceBytes: Int { pool.withLock { $0.bytes } }

  /// Runs something with a workspace for segments of a length: the one that `owner` used last, if it is still its
  /// own.
  ///
  /// - Throws: `NeuralError`, what `body` throws.
  func withWorkspace<Result>(
    of owner: AnyObject, frameCount: Int, sampleRate: Int, _ body: (Cnn14Workspace) throws -> Result
  ) throws -> Result {
    let size = Pool.Size(frameCount: frameCount, sampleRate: sampleRate)
    let workspace = try take(size, owner: ObjectIdentifier(owner))
    defer { pool.withLock { $0.free[size, default: []].append(workspace) } }
    return try body(workspace)
  }

  private func take(_ size: Pool.Size, owner: ObjectIdentifier) throws -> Cnn14Workspace {
    let found: Cnn14Workspace? = pool.withLock { pool in
      pool.uses += 1
      let free = pool.free[size] ?? []
      guard let oldest = free.indices.min(by: { free[$0].lastUse < free[$1].lastUse }) else { return nil }
      let index = free.firstIndex { $0.owner == owner } ?? oldest
      // One more, rather than take what another segment will want back.
      if free[index].owner != owner, pool.bytes + free[index].bytes <= pool.keptBytes { return nil }
      let workspace = pool.free[size]?.remove(at: index)
      workspace?.lastUse = pool.uses
      return workspace
    }
    if let found { return found }
    let made = try Cnn14Workspace(self, frameCount: size.frameCount, sampleRate: size.sampleRate)
    pool.withLock {
      $0.bytes += made.bytes
      made.lastUse = $0.uses
    }
    return made
  }

  // MARK: - For tests

  /// Lets workspaces change hands at once.
  package func keepNoMoreThanOneWorkspace() { pool.withLock { $0.keptBytes = 0 } }

  /// What each block gives for images [image][frame][band].
  ///
  /// - Throws: `NeuralError`.
  package func blocks(of pixels: [Float], images: Int, height: Int) throws -> [[Float]] {
    let pass = try TrunkPass(trunk, images: images, height: height, width: configuration.bandCount)
    var features = [Float](repeating: 0, count: pass.count(ofBlock: configuration.channels.count - 1))
    try pass.forward(pixels, into: &features)
    return try configuration.channels.indices.map { try pass.output(ofBlock: $0) }
  }

  /// What each stage makes of a segment.
  package struct Stages {
    /// Left, then right.
    package var resampled: [Float]
    /// What each block gives, image by image.
    package var blocks: [[Float]]
    package var embeddings: [[Double]]
  }

  /// - Throws: `NeuralError`.
  package func stages(left: [Float], right: [Float], sampleRate: Int) throws -> Stages {
    let workspace = try Cnn14Workspace(self, frameCount: left.count, sampleRate: sampleRate)
    let embeddings = try workspace.encode([SignalBuffer(left), SignalBuffer(right)], team: .alone)
    return Stages(
      resampled: (0..<2).flatMap { workspace.resampled($0) },
      blocks: try configuration.channels.indices.map { block in
        try (0..<configuration.imageCount).flatMap { try workspace.blockOutput(block, image: $0) }
      }, embeddings: embeddings)
  }
}
