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

  private let model: Cnn14Model
  private let resampler: SincResampler<Float>
  /// Cotangents of left and right, as long as the segment.
  private let audioCotangents: [SignalBuffer<Float>]
  /// Left and right, or their cotangents, at the encoder's rate.
  private let channels: [SignalBuffer<Float>]
  private let spectrograms: [LogMelImage<Float>]
  private let images: [SignalBuffer<Float>]
  private let passes: [TrunkPass]
  private let features: [SignalBuffer<Float>]
  private var records: [EncoderHead.Record]
  private var embeddings: [[Double]]
  private var failures: [(any Error)?]
  private let frames, bands: Int
  private let scale: Float

  /// Bytes, without the weights.
  var bytes: Int {
    passes.reduce(0) { $0 + $1.bytes } + 4
      * (audioCotangents + channels + images + features).reduce(0) { $0 + $1.count }
      + spectrograms.count * spectrograms[0].frameCount * 8 * model.configuration.binCount
  }

  init(_ model: Cnn14Model, frameCount: Int, sampleRate: Int) throws {
    self.model = model
    let configuration = model.configuration
    resampler = SincResampler(inputCount: frameCount, inputHz: sampleRate, outputHz: configuration.sampleRate)
    let count = resampler.outputCount
    audioCotangents = (0..<2).map { _ in SignalBuffer(count: frameCount) }
    channels = (0..<2).map { _ in SignalBuffer(count: count) }
    spectrograms = (0..<2).map { _ in
      LogMelImage(
        sampleCount: count, windowLength: configuration.windowLength, hop: configuration.hop, bands: model.bands)
    }
    let (rows, columns) = (spectrograms[0].frameCount, configuration.bandCount)
    let passes = try (0..<configuration.imageCount).map { _ in
      try TrunkPass(model.trunk, height: rows, width: columns)
    }
    self.passes = passes
    images = passes.map { _ in SignalBuffer(count: configuration.imageChannels * rows * columns) }
    let last = configuration.channels.count - 1
    (frames, bands) = passes[0].size(ofBlock: last)
    features = passes.map { SignalBuffer(count: $0.count(ofBlock: last)) }
    records = model.heads.map { $0.makeRecord() }
    embeddings = model.heads.map { _ in [] }
    failures = model.heads.map { _ in nil }
    scale = configuration.inputs == .midSide ? 0.5 : 1
  }

  // MARK: - Both ways

  /// The embeddings of two channels of audio: mid and side, or one.
  ///
  /// - Parameter team: takes the images side by side.
  /// - Throws: `NeuralError`.
  func encode(_ audio: [SignalBuffer<Float>], team: ThreadTeam) throws -> [[Double]] {
    for channel in 0..<2 { resampler.forward(audio[channel].pointer, into: channels[channel].pointer) }
    mix(channels.map { UnsafePointer($0.pointer) }, into: spectrograms.map(\.signal))
    team.run(passes.count, encodeImage)
    try throwFailure()
    return embeddings
  }

  /// The cotangents of left and right at the latest ``encode(_:team:)``; valid until the next call.
  ///
  /// - Throws: `NeuralError`.
  func pullback(_ cotangents: [[Double]], team: ThreadTeam) throws -> [SignalBuffer<Float>] {
    embeddings = cotangents
    team.run(passes.count, pullImage)
    try throwFailure()
    mix(spectrograms.map { UnsafePointer($0.signal) }, into: channels.map(\.pointer))
    for channel in 0..<2 { resampler.pullback(channels[channel].pointer, into: audioCotangents[channel].pointer) }
    return audioCotangents
  }

  /// (L + R)/2 and (L - R)/2, its own transpose; or left and right as they are.
  private func mix(_ source: [UnsafePointer<Float>], into target: [UnsafeMutablePointer<Float>]) {
    let isMidSide = model.configuration.inputs == .midSide
    for index in 0..<resampler.outputCount {
      let (first, second) = (source[0][index], source[1][index])
      target[0][index] = isMidSide ? scale * (first + second) : first
      target[1][index] = isMidSide ? scale * (first - second) : second
    }
  }

  private func throwFailure() throws {
    for case let failure? in failures {
      owner = nil
      throw failure
    }
  }

  // MARK: - Tasks, one an image; made once because a closure is an object

  private lazy var encodeImage: @Sendable (Int) -> Void = { [unowned self] index in
    failures[index] = nil
    let (image, size) = (images[index].pointer, spectrograms[0].frameCount * spectrograms[0].bandCount)
    for (plane, spectrogram) in planes(index).enumerated() {
      spectrograms[spectrogram].forward(into: image + plane * size)
    }
    do { try passes[index].forward(image, into: features[index].pointer) } catch { failures[index] = error }
    model.heads[index].forward(
      features[index].pointer, frames: frames, bands: bands, record: &records[index], into: &embeddings[index])
  }

  private lazy var pullImage: @Sendable (Int) -> Void = { [unowned self] index in
    failures[index] = nil
    model.heads[index].pullback(
      embeddings[index], record: &records[index], frames: frames, bands: bands, into: features[index].pointer)
    let (image, size) = (images[index].pointer, spectrograms[0].frameCount * spectrograms[0].bandCount)
    do { try passes[index].pullback(features[index].pointer, into: image) } catch { failures[index] = error }
    for (plane, spectrogram) in planes(index).enumerated() {
      spectrograms[spectrogram].pullback(image + plane * size)
    }
  }

  /// The spectrograms that are the channels of an image.
  private func planes(_ image: Int) -> Range<Int> { passes.count == 1 ? 0..<2 : image..<image + 1 }

  // MARK: - Stages, for tests

  func blockOutput(_ block: Int, image: Int) throws -> [Float] { try passes[image].output(ofBlock: block) }
  func resampled(_ channel: Int) -> [Float] { channels[channel].array }
}
