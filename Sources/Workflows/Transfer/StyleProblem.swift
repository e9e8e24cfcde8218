public import AudioFiles
import Distributions
import FXParams
public import Inference
public import PresetStore
public import PriorKit

/// The recordings and the prior of a style transfer, read and checked: what is maximised, or drawn from.
public struct StyleProblem: Sendable {
  /// A recording, of which only the segments are kept: the whole of a song is as large again.
  public struct Recording: Sendable {
    /// The file.
    public let path: String
    /// What normalising multiplied it by.
    public let gain: Double
    /// The active segments, at the chain's sample rate.
    public let segments: [AudioBuffer]
  }

  /// Of the preset; its chain is the chain that is fitted.
  public private(set) var prior: Prior
  /// The dry vocals.
  public let inputs: [Recording]
  /// The processed vocals.
  public let references: [Recording]
  /// How they are compared.
  public let settings: StyleSettings

  /// Reads the recordings.
  ///
  /// - Parameters:
  ///   - prior: of the preset; its chain is the chain that is fitted.
  ///   - references: processed vocals, in stereo.
  ///   - inputs: dry vocals.
  ///   - settings: how recordings are prepared and compared.
  ///   - monitor: is told what was changed about the recordings.
  /// - Throws: `AudioError` for a recording that cannot be used, ``WorkflowError`` for a reference without a stereo
  ///   image.
  public init(
    prior: Prior, references: [String], inputs: [String], settings: StyleSettings = StyleSettings(),
    monitor: some WorkMonitor = QuietMonitor()
  ) throws {
    self.prior = prior
    self.settings = settings
    (self.references, self.inputs) = try Self.recordings(
      references: references, inputs: inputs, sampleRate: prior.chain.sampleRate, settings: settings,
      monitor: monitor)
  }

  /// Reads and prepares the recordings of a problem; parameters and errors are those of the initialiser.
  static func recordings(
    references: [String], inputs: [String], sampleRate: Double, settings: StyleSettings,
    monitor: some WorkMonitor
  ) throws -> (references: [Recording], inputs: [Recording]) {
    func prepare(_ paths: [String], _ role: AudioPreparation.Role) throws -> [Recording] {
      let preparation = AudioPreparation(
        role: role, sampleRate: sampleRate, targetLUFS: settings.targetLUFS,
        segmenter: Segmenter(segmentSeconds: settings.segmentSeconds))
      let recordings = try paths.map { path in
        let audio = try monitor.during("reading \(path)") { try preparation.prepare(path: path) }
        audio.messages.forEach(monitor.message)
        if role == .reference, audio.segments.allSatisfy({ $0.audio.channels[0] == $0.audio.channels[1] }) {
          throw WorkflowError(
            .unsuitableRecording,
            "\(path) has equal left and right channels, so it has no stereo image to match: "
              + "give a stereo reference.")
        }
        return Recording(path: path, gain: audio.gain, segments: audio.segments.map(\.audio))
      }
      return limited(recordings, to: settings.maximumSegments)
    }
    return (try prepare(references, .reference), try prepare(inputs, .dry))
  }

  /// Recordings that were prepared elsewhere.
  init(prior: Prior, references: [Recording], inputs: [Recording], settings: StyleSettings) {
    (self.prior, self.references, self.inputs, self.settings) = (prior, references, inputs, settings)
  }

  /// Recordings with so many of their segments at most, evenly spaced over those of all.
  static func limited(_ recordings: [Recording], to count: Int?) -> [Recording] {
    let total = recordings.reduce(0) { $0 + $1.segments.count }
    guard let count, count < total else { return recordings }
    let kept = Set(EquivarianceDiagnosis.evenlySpaced(count, of: total))
    var next = 0
    return recordings.map { recording in
      let segments = recording.segments.filter { _ in
        defer { next += 1 }
        return kept.contains(next)
      }
      return Recording(path: recording.path, gain: recording.gain, segments: segments)
    }
  }

  /// Takes the prior summed over the copies of each point that sound the same.
  ///
  /// - Throws: `SymmetryError` for a group too large to enumerate.
  public mutating func sumOverOrbits() throws { prior = try prior.summedOverOrbits() }

  /// The same recordings with another prior, whose chain has the same sample rate.
  func replacing(prior: Prior) -> StyleProblem {
    StyleProblem(prior: prior, references: references, inputs: inputs, settings: settings)
  }

  /// Checks that the chain has a gradient.
  ///
  /// - Parameter method: what follows it, for the error.
  /// - Throws: ``WorkflowError`` naming the effects that have none.
  public func requireGradient(_ method: String) throws {
    let effects = prior.chain.nonDifferentiableEffects
    guard effects.isEmpty else {
      throw WorkflowError(
        .noGradient,
        "\(effects.joined(separator: ", ")) of the chain has no gradient, which \(method) follows: "
          + "use a method that follows none.")
    }
  }

  /// The density of the preset given the recordings.
  ///
  /// - Parameters:
  ///   - threads: most threads to use; the value does not depend on them.
  ///   - weights: by default those of the published loss.
  /// - Throws: `StyleEncoderError` for recordings shorter than an analysis frame.
  public func makePosterior(threads: Int = 1, weights: ObjectiveWeights? = nil) throws -> StylePosterior {
    let segments = references.flatMap(\.segments)
    return try StylePosterior(
      prior: prior, encoder: settings.encoder,
      references: segments.map { StereoSegment(left: $0.channels[0], right: $0.channels[1]) },
      inputs: inputs.flatMap(\.segments).map { $0.channels[0] },
      weights: weights ?? .loss(alpha: settings.alpha), scale: settings.scale, threads: threads)
  }

  /// One line that names all the objective depends on: a state saved for one problem must not continue another.
  ///
  /// - Parameters:
  ///   - provenance: with the digests of the prior's file and of the recordings.
  ///   - condition: what the prior was given beside files.
  public func fingerprint(_ provenance: Provenance, condition: String = "") -> String {
    let files = provenance.inputs.map(\.sha256).joined(separator: " ")
    let free = (prior.distribution as? PinnedDistribution)?.free ?? prior.distribution
    let orbits = free is OrbitSum ? " orbit sum" : ""
    return "\(settings.text)\(condition)\(orbits) files \(files)"
  }
}
