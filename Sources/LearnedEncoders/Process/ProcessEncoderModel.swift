import Foundation
import NumericCore
public import StyleFeatures
import Synchronization

/// A style encoder in a program of its own: a PyTorch module, a model on a GPU, a colleague's. The protocol is in
/// docs/encoders.md; `Encoders/priorkit_encoder.py` speaks it.
///
/// All segments share one process, which answers one request after the other.
public final class ProcessEncoderModel: Sendable {
  /// The command that was started, in the words of a shell.
  public let command: String
  /// What the program calls the encoder in files: its name, and its version if it has one.
  public let encoderName: String
  /// Numbers of the embeddings.
  public let featureCount, sideFeatureCount: Int

  let minimumSeconds: Double
  /// The rate that audio must have, in Hz; nil for any.
  let sampleRate: Double?
  private let patienceSeconds: Int
  private let child: Mutex<ChildProcess>

  /// How long an answer may take by default.
  public static let patienceSeconds = 120

  /// What the program says of itself.
  private struct Description: Decodable {
    let protocolVersion: Int
    let name: String
    let version: String?
    let features: Int
    let sideFeatures: Int?
    let minimumSeconds: Double?
    let sampleRate: Double?

    private enum CodingKeys: String, CodingKey {
      case name, version, features
      case protocolVersion = "protocol"
      case sideFeatures = "side_features"
      case minimumSeconds = "minimum_seconds"
      case sampleRate = "sample_rate"
    }
  }

  /// Starts the program and asks it what it is.
  ///
  /// - Parameters:
  ///   - command: for a shell.
  ///   - patienceSeconds: how long an answer may take, the first included.
  /// - Throws: ``ProcessEncoderError``.
  public init(command: String, patienceSeconds: Int = ProcessEncoderModel.patienceSeconds) throws {
    self.command = command
    self.patienceSeconds = patienceSeconds
    let child = try ChildProcess(command: command)
    let reply = try child.ask(Data(#"{"request":"describe"}"#.utf8), seconds: patienceSeconds)
    func refuse(_ expected: String) -> ProcessEncoderError {
      .wrongReply(command: command, reply: Self.quoted(reply), expected: expected)
    }
    if let failure = Self.failure(reply) { throw ProcessEncoderError.refused(command: command, reason: failure) }
    guard let description = try? JSONDecoder().decode(Description.self, from: reply) else {
      throw refuse("a description with protocol, name and features")
    }
    guard description.protocolVersion == 1 else { throw refuse("protocol 1") }
    let parts = [description.name] + [description.version].compactMap { $0 }
    guard parts.allSatisfy({ !$0.isEmpty && $0.count <= 100 && !$0.contains(where: { $0.isWhitespace }) }) else {
      throw refuse("a name and a version without spaces")
    }
    let side = description.sideFeatures ?? description.features
    guard (1...1_000_000).contains(description.features), side == 0 || side == description.features else {
      throw refuse("a number of features, and as many or none of the side")
    }
    let least = description.minimumSeconds ?? 0
    guard least >= 0, least < 86_400 else { throw refuse("a shortest segment in seconds") }
    encoderName = (["process"] + parts).joined(separator: ":")
    (featureCount, sideFeatureCount, minimumSeconds) = (description.features, side, least)
    sampleRate = description.sampleRate
    self.child = Mutex(child)
  }

  // MARK: - Requests

  struct Request: Encodable {
    var request: String
    var segment: Int
    var memory: String?
    var frames: Int?
    var sampleRate: Double?
    /// Counts the encodings of a segment: the same number means the same audio.
    var serial: Int?

    private enum CodingKeys: String, CodingKey {
      case request, segment, memory, frames, serial
      case sampleRate = "sample_rate"
    }
  }

  /// Asks for something that is answered by `{"ok": true}`.
  func ask(_ request: Request) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = try encoder.encode(request)
    let reply = try child.withLock { try $0.ask(line, seconds: patienceSeconds) }
    if let failure = Self.failure(reply) { throw ProcessEncoderError.refused(command: command, reason: failure) }
    struct Agreement: Decodable { let ok: Bool }
    guard let agreement = try? JSONDecoder().decode(Agreement.self, from: reply), agreement.ok else {
      throw ProcessEncoderError.wrongReply(command: command, reply: Self.quoted(reply), expected: #"{"ok": true}"#)
    }
  }

  /// What the program says went wrong.
  private static func failure(_ reply: Data) -> String? {
    struct Failure: Decodable { let error: String }
    return (try? JSONDecoder().decode(Failure.self, from: reply))?.error
  }

  private static func quoted(_ reply: Data) -> String {
    let text = String(decoding: reply.prefix(80), as: UTF8.self).filter { !$0.isNewline }
    return "\"\(text)\"" + (reply.count > 80 ? " and more" : "")
  }

  // MARK: - Registration

  /// The encoder, for all that takes one.
  public var encoder: StyleEncoderKind { StyleEncoderKind(Registration(model: self)) }

  private struct Registration: StyleEncoderRegistration {
    let model: ProcessEncoderModel
    var name: String { model.encoderName }
    var featureCount: Int { model.featureCount }
    var sideFeatureCount: Int { model.sideFeatureCount }
    let precision: any SignalScalar.Type = Float.self

    func minimumFrameCount(sampleRate: Double) -> Int {
      max(1, Int((model.minimumSeconds * sampleRate).rounded(.up)))
    }

    func makeEncoder<Scalar: SignalScalar>(
      frameCount: Int, sampleRate: Double, gain: Double, team _: ThreadTeam, scratch _: StyleScratch<Scalar>?
    ) throws -> any StyleEncoder<Scalar> {
      if let own = model.sampleRate, own != sampleRate {
        throw ProcessEncoderError.refused(
          command: model.command, reason: "it takes audio at \(own) Hz and not at \(sampleRate) Hz")
      }
      return try ProcessEncoder<Scalar>(model, frameCount: frameCount, sampleRate: sampleRate, gain: gain)
    }
  }
}
