import NeuralCore
import NumericCore

/// Everything that a segment's embedding needs beside the weights, for segments of one length.
///
/// Unchecked sendable: one encoder at a time; its images are tasks with buffers of their own.
final class Cnn14Workspace: @unchecked Sendable {
  /// The encoder whose latest segment is in here.
  var owner: ObjectIdentifier?
  /// Counts the uses of all workspaces: the one used longest ago gives way.
  var lastUse = 0

  private let isMidSide: Bool
  private let resampler: SincResampler<Float>
  /// Cotangents of left and right, as long as the segment.
  private let audioCotangents: [SignalBuffer<Float>]
  /// Left and right, or their cotangents, at the encoder's rate.
  private let channels: [SignalBuffer<Float>]
  private let images: [Cnn14Image]
  /// The spectrograms of all images: mid and side, or left and right.
  private let spectrograms: [LogMelImage<Float>]

  /// - Throws: what making a `TrunkPass` throws.
  init(_ model: Cnn14Model, frameCount: Int, sampleRate: Int) throws {
    let configuration = model.configuration
    isMidSide = configuration.inputs == .midSide
    resampler = SincResampler(inputCount: frameCount, inputHz: sampleRate, outputHz: configuration.sampleRate)
    let count = resampler.outputCount
    audioCotangents = (0..<2).map { _ in SignalBuffer(count: frameCount) }
    channels = (0..<2).map { _ in SignalBuffer(count: count) }
    images = try model.heads.map { try Cnn14Image(model, head: $0, sampleCount: count) }
    spectrograms = images.flatMap(\.spectrograms)
  }

  /// Bytes, without the weights.
  var bytes: Int {
    images.reduce(0) { $0 + $1.bytes } + 4 * (audioCotangents + channels).reduce(0) { $0 + $1.count }
  }

  /// The embeddings of two channels of audio: mid and side, or one.
  ///
  /// - Parameter team: takes the images side by side.
  /// - Throws: `NeuralError`.
  func encode(_ audio: [SignalBuffer<Float>], team: ThreadTeam) throws -> [[Double]] {
    for channel in 0..<2 { resampler.forward(audio[channel].pointer, into: channels[channel].pointer) }
    mix(channels.map { UnsafePointer($0.pointer) }, into: spectrograms.map(\.signal))
    team.run(images.count, encodeImage)
    try throwFailure()
    return images.map(\.embedding)
  }

  /// The cotangents of left and right at the latest ``encode(_:team:)``; valid until the next call.
  ///
  /// - Throws: `NeuralError`.
  func pullback(_ cotangents: [[Double]], team: ThreadTeam) throws -> [SignalBuffer<Float>] {
    for (image, cotangent) in zip(images, cotangents) { image.embedding = cotangent }
    team.run(images.count, pullImage)
    try throwFailure()
    mix(spectrograms.map { UnsafePointer($0.signal) }, into: channels.map(\.pointer))
    for channel in 0..<2 { resampler.pullback(channels[channel].pointer, into: audioCotangents[channel].pointer) }
    return audioCotangents
  }

  /// (L + R)/2 and (L - R)/2, its own transpose; or left and right as they are.
  private func mix(_ source: [UnsafePointer<Float>], into target: [UnsafeMutablePointer<Float>]) {
    for index in 0..<resampler.outputCount {
      let (first, second) = (source[0][index], source[1][index])
      target[0][index] = isMidSide ? 0.5 * (first + second) : first
      target[1][index] = isMidSide ? 0.5 * (first - second) : second
    }
  }

  private func throwFailure() throws {
    for image in images {
      guard let failure = image.failure else { continue }
      owner = nil
      throw failure
    }
  }

  // Tasks, one an image; made once because a closure is an object.
  private lazy var encodeImage: @Sendable (Int) -> Void = { [images] in images[$0].encode() }
  private lazy var pullImage: @Sendable (Int) -> Void = { [images] in images[$0].pullback() }

  // MARK: - Stages, for tests

  /// - Throws: `NeuralError`.
  func blockOutput(_ block: Int, image: Int) throws -> [Float] { try images[image].output(ofBlock: block) }

  /// Left or right at the encoder's rate.
  func resampled(_ channel: Int) -> [Float] { channels[channel].array }
}
