import AudioFiles
import Distributions
import FXParams
import Inference
import PresetStore
import PriorKit
import StyleFeatures

/// The audio and the prior of a style transfer, read and checked.
struct StyleProblem: Sendable {
  /// A recording, of which only the segments are kept: the whole of a song is as large again.
  struct Recording: Sendable {
    let path: String
    /// What normalising multiplied it by.
    let gain: Double
    let segments: [AudioBuffer]
  }

  private(set) var prior: any Prior
  let inputs: [Recording]
  let references: [Recording]
  let alpha: Double
  /// Every file that the result depends on.
  let inputPaths: [String]
  private let encoder: StyleEncoderKind
  private let sigma: SigmaArgument
  /// What the objective depends on beside the files.
  private let settings: String

  /// - Parameter isConditionNeeded: whether what is given must be for the prior; a start point may need it too.
  init(_ options: StyleOptions, isConditionNeeded: Bool = true, console: Console) throws {
    (alpha, encoder, sigma) = (options.alpha, options.encoder, options.sigma)
    inputPaths = [options.prior] + options.reference + options.input + options.conditions.paths
    settings =
      "\(options.encoder.rawValue) alpha \(options.alpha) segments \(options.segmentSeconds) s "
      + "loudness \(!options.noLoudness) sigma \(options.sigma)\(options.conditions.fingerprint)"
    let prior = try options.conditions.prior(
      at: options.prior, isNeeded: isConditionNeeded, dry: options.input, wet: options.reference, console: console)
    func prepare(_ paths: [String], _ role: AudioPreparation.Role) throws -> [Recording] {
      let preparation = AudioPreparation(
        role: role, sampleRate: prior.chain.sampleRate, targetLUFS: options.noLoudness ? nil : -18,
        segmenter: Segmenter(segmentSeconds: options.segmentSeconds))
      return try paths.map {
        let path = $0
        let audio = try console.during("reading \(path)") { try preparation.prepare(path: path) }
        audio.messages.forEach(console.message)
        if role == .reference, audio.segments.allSatisfy({ $0.audio.channels[0] == $0.audio.channels[1] }) {
          throw CommandError(
            "\(path) has equal left and right channels, so it has no stereo image to match: give a stereo reference."
          )
        }
        return Recording(path: path, gain: audio.gain, segments: audio.segments.map(\.audio))
      }
    }
    self.prior = prior
    references = try prepare(options.reference, .reference)
    inputs = try prepare(options.input, .dry)
  }

  /// Takes the prior summed over the copies of each point that sound the same.
  mutating func sumOverOrbits() throws { prior = try prior.summedOverOrbits() }

  /// The chain must have a gradient, which `method` follows.
  func requireGradient(_ method: String) throws {
    let effects = prior.chain.nonDifferentiableEffects
    guard effects.isEmpty else {
      throw CommandError(
        "\(effects.joined(separator: ", ")) of the chain has no gradient, which \(method) follows: use transfer with "
          + "--optimiser cma-es, or posterior with --sampler ess.")
    }
  }

  /// - Parameter weights: by default those of the published loss.
  func makePosterior(
    threads: Int, weights: ObjectiveWeights? = nil
  ) throws -> StylePosterior {
    let segments = references.flatMap(\.segments)
    return try StylePosterior(
      prior: prior, encoder: encoder,
      references: segments.map { StereoSegment(left: $0.channels[0], right: $0.channels[1]) },
      inputs: inputs.flatMap(\.segments).map { $0.channels[0] },
      weights: weights ?? .loss(alpha: alpha), scale: sigma.scale, threads: threads)
  }

  /// One line that names all the objective depends on: a state saved for one problem must not continue another.
  func fingerprint(_ provenance: Provenance) -> String {
    let files = provenance.inputs.map(\.sha256).joined(separator: " ")
    let free = (prior.density as? PinnedDensity)?.free ?? prior.density
    let orbits = free is OrbitSum ? " orbit sum" : ""
    return "\(settings)\(orbits) files \(files)"
  }
}
