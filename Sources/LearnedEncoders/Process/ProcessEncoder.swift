import Foundation
import NumericCore
import StyleFeatures
import Synchronization

/// A segment of a ``ProcessEncoderModel``: memory that both processes have, and what is asked about it.
///
/// The memory holds, one after the other: left and right [2][frames] in float32, padded to 8 bytes; their
/// cotangents, likewise; the embedding, mid then side, in float64; its cotangent.
///
/// Unchecked sendable: one caller at a time.
final class ProcessEncoder<Scalar: SignalScalar>: StyleEncoder, @unchecked Sendable {
  let featureCount: Int
  let frameCount: Int
  private let model: ProcessEncoderModel
  private let segment: Int
  private let gain: Scalar
  private let memory: SharedMemory
  private let audio, audioCotangent: UnsafeMutablePointer<Float>
  private let embedding, embeddingCotangent: UnsafeMutablePointer<Double>
  private var serial = 0

  init(_ model: ProcessEncoderModel, frameCount: Int, sampleRate: Double, gain: Double) throws {
    (self.model, self.frameCount, self.gain) = (model, frameCount, Scalar(gain))
    featureCount = model.featureCount
    let (signal, vector) = (8 * frameCount, 8 * (model.featureCount + model.sideFeatureCount))
    let memory = try SharedMemory(byteCount: 2 * (signal + vector))
    self.memory = memory
    func place<Number>(_ offset: Int, _: Number.Type) -> UnsafeMutablePointer<Number> {
      (memory.start + offset).assumingMemoryBound(to: Number.self)
    }
    (audio, audioCotangent) = (place(0, Float.self), place(signal, Float.self))
    (embedding, embeddingCotangent) = (place(2 * signal, Double.self), place(2 * signal + vector, Double.self))
    segment = nextSegment.add(1, ordering: .relaxed).oldValue
    try model.ask(
      ProcessEncoderModel.Request(
        request: "open", segment: segment, memory: memory.path, frames: frameCount, sampleRate: sampleRate))
    memory.forgetName()
  }

  deinit {
    // A program that is gone has nothing to close.
    try? model.ask(ProcessEncoderModel.Request(request: "close", segment: segment))
  }

  func encode(
    left: UnsafePointer<Scalar>, right: UnsafePointer<Scalar>, into embedding: inout StyleEmbedding
  ) throws {
    for index in 0..<frameCount {
      audio[index] = Float(gain * left[index])
      audio[frameCount + index] = Float(gain * right[index])
    }
    let count = featureCount + model.sideFeatureCount
    // What was not written is seen.
    self.embedding.update(repeating: .nan, count: count)
    serial += 1
    try model.ask(ProcessEncoderModel.Request(request: "encode", segment: segment, serial: serial))
    let found = UnsafeBufferPointer(start: self.embedding, count: count)
    guard found.allSatisfy(\.isFinite) else { throw StyleEncoderError.notFinite(encoder: model.encoderName) }
    embedding.mid = unit(found[..<featureCount])
    embedding.side = unit(found[featureCount...])
  }

  func pullback(
    _ cotangent: StyleEmbedding, left: UnsafeMutablePointer<Scalar>, right: UnsafeMutablePointer<Scalar>
  ) throws {
    for (offset, vector) in [(0, cotangent.mid), (featureCount, cotangent.side)] where !vector.isEmpty {
      let found = UnsafeBufferPointer(start: embedding + offset, count: vector.count)
      UnitLength.pullback(
        vector, at: embedding + offset, divisor: UnitLength.divisor(of: found), into: embeddingCotangent + offset)
    }
    audioCotangent.update(repeating: .nan, count: 2 * frameCount)
    try model.ask(ProcessEncoderModel.Request(request: "pullback", segment: segment, serial: serial))
    for index in 0..<frameCount {
      left[index] = gain * Scalar(audioCotangent[index])
      right[index] = gain * Scalar(audioCotangent[frameCount + index])
    }
    guard (0..<frameCount).allSatisfy({ left[$0].isFinite && right[$0].isFinite }) else {
      throw StyleEncoderError.notFinite(encoder: model.encoderName)
    }
  }

  /// A vector of unit length: programs need not normalise.
  private func unit(_ vector: Slice<UnsafeBufferPointer<Double>>) -> [Double] {
    let divisor = UnitLength.divisor(of: vector)
    return vector.map { $0 / divisor }
  }
}

/// Numbers of segments, one after the other for all programs.
private let nextSegment = Atomic(0)
