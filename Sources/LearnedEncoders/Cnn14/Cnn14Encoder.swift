import NeuralCore
import NumericCore
public import StyleFeatures

/// The embedding of a segment by a Cnn14, with its pullback.
///
/// Unchecked sendable: one caller at a time; the workspace is its own for a call.
final class Cnn14Encoder<Scalar: SignalScalar>: StyleEncoder, @unchecked Sendable {
  let featureCount: Int
  let frameCount: Int
  private let model: Cnn14Model
  private let kind: String
  private let sampleRate: Int
  private let gain: Scalar
  private let team: ThreadTeam
  /// The segment, since its workspace may be another's by the time of the pullback.
  private let audio: [SignalBuffer<Float>]

  init(_ model: Cnn14Model, kind: String, frameCount: Int, sampleRate: Int, gain: Double, team: ThreadTeam) {
    (self.model, self.kind, self.frameCount, self.sampleRate) = (model, kind, frameCount, sampleRate)
    (self.gain, self.team) = (Scalar(gain), team)
    featureCount = model.configuration.featureCount
    audio = (0..<2).map { _ in SignalBuffer(count: frameCount) }
  }

  func encode(
    left: UnsafePointer<Scalar>, right: UnsafePointer<Scalar>, into embedding: inout StyleEmbedding
  ) throws {
    // A ReLU makes 0 of what is not a number, so that it would not be seen later.
    var isFinite = true
    for (channel, samples) in [left, right].enumerated() {
      let target = audio[channel].pointer
      for index in 0..<frameCount {
        target[index] = Float(gain * samples[index])
        isFinite = isFinite && target[index].isFinite
      }
    }
    guard isFinite else { throw StyleEncoderError.notFinite(encoder: kind) }
    let vectors = try inWorkspace { workspace in
      workspace.owner = ObjectIdentifier(self)
      return try workspace.encode(audio, team: team)
    }
    guard vectors.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw StyleEncoderError.notFinite(encoder: kind)
    }
    embedding.mid = vectors[0]
    embedding.side = vectors.count > 1 ? vectors[1] : []
  }

  func pullback(
    _ cotangent: StyleEmbedding, left: UnsafeMutablePointer<Scalar>, right: UnsafeMutablePointer<Scalar>
  ) throws {
    let cotangents = model.configuration.imageCount > 1 ? [cotangent.mid, cotangent.side] : [cotangent.mid]
    try inWorkspace { workspace in
      if workspace.owner != ObjectIdentifier(self) {
        workspace.owner = ObjectIdentifier(self)
        _ = try workspace.encode(audio, team: team)
      }
      let found = try workspace.pullback(cotangents, team: team)
      for (channel, target) in [left, right].enumerated() {
        let source = found[channel].pointer
        for index in 0..<frameCount { target[index] = gain * Scalar(source[index]) }
      }
    }
  }

  private func inWorkspace<Result>(_ body: (Cnn14Workspace) throws -> Result) throws -> Result {
    try model.withWorkspace(of: self, frameCount: frameCount, sampleRate: sampleRate, body)
  }
}

// MARK: - Registration

extension Cnn14Model {
  /// The encoder, for all that takes one.
  public var encoder: StyleEncoderKind { StyleEncoderKind(Registration(model: self)) }

  private struct Registration: StyleEncoderRegistration {
    let model: Cnn14Model
    var name: String { model.encoderName }
    var featureCount: Int { model.configuration.featureCount }
    var sideFeatureCount: Int { model.configuration.imageCount > 1 ? featureCount : 0 }
    let precision: any SignalScalar.Type = Float.self

    func minimumFrameCount(sampleRate: Double) -> Int {
      model.configuration.minimumFrameCount(sampleRate: sampleRate)
    }

    func makeEncoder<Scalar: SignalScalar>(
      frameCount: Int, sampleRate: Double, gain: Double, team: ThreadTeam, scratch _: StyleScratch<Scalar>?
    ) throws -> any StyleEncoder<Scalar> {
      guard sampleRate == sampleRate.rounded(), sampleRate <= 1e6 else {
        throw StyleEncoderError.invalidSampleRate(sampleRate)
      }
      return Cnn14Encoder<Scalar>(
        model, kind: name, frameCount: frameCount, sampleRate: Int(sampleRate), gain: gain, team: team)
    }
  }
}
