import NeuralCore
import NumericCore

/// What becomes of one image of a segment: spectrograms, trunk and head, both ways.
///
/// Unchecked sendable: one task at a time.
final class Cnn14Image: @unchecked Sendable {
  /// One for each channel of the image.
  let spectrograms: [LogMelImage<Float>]
  /// What the head gives; before the way back its cotangent.
  var embedding: [Double] = []
  /// Why the latest task was broken off.
  private(set) var failure: (any Error)?

  private let head: EncoderHead
  private let pass: TrunkPass
  private let pixels: SignalBuffer<Float>
  private let features: SignalBuffer<Float>
  private var record: EncoderHead.Record
  private let frames, bands: Int

  /// - Throws: what making a `TrunkPass` throws.
  init(_ model: Cnn14Model, head: EncoderHead, sampleCount: Int) throws {
    let configuration = model.configuration
    self.head = head
    spectrograms = (0..<configuration.imageChannels).map { _ in
      LogMelImage(
        sampleCount: sampleCount, windowLength: configuration.windowLength, hop: configuration.hop,
        bands: model.bands)
    }
    let (rows, columns) = (spectrograms[0].frameCount, configuration.bandCount)
    pass = try TrunkPass(model.trunk, height: rows, width: columns)
    pixels = SignalBuffer(count: configuration.imageChannels * rows * columns)
    let last = configuration.channels.count - 1
    (frames, bands) = pass.size(ofBlock: last)
    features = SignalBuffer(count: pass.count(ofBlock: last))
    record = head.makeRecord()
  }

  /// Bytes, without the weights.
  var bytes: Int {
    pass.bytes + 4 * (pixels.count + features.count) + spectrograms.reduce(0) { $0 + $1.bytes }
  }

  /// From the signals of the spectrograms to the embedding.
  func encode() {
    failure = nil
    for (plane, spectrogram) in spectrograms.enumerated() { spectrogram.forward(into: place(plane)) }
    do { try pass.forward(pixels.pointer, into: features.pointer) } catch { failure = error }
    head.forward(features.pointer, frames: frames, bands: bands, record: &record, into: &embedding)
  }

  /// From the cotangent of the embedding to those of the signals.
  func pullback() {
    failure = nil
    head.pullback(embedding, record: &record, frames: frames, bands: bands, into: features.pointer)
    do { try pass.pullback(features.pointer, into: pixels.pointer) } catch { failure = error }
    for (plane, spectrogram) in spectrograms.enumerated() { spectrogram.pullback(place(plane)) }
  }

  private func place(_ plane: Int) -> UnsafeMutablePointer<Float> {
    pixels.pointer + plane * spectrograms[plane].frameCount * spectrograms[plane].bandCount
  }

  /// What a block gave, for tests.
  ///
  /// - Throws: `NeuralError`.
  func output(ofBlock block: Int) throws -> [Float] { try pass.output(ofBlock: block) }
}
