import AudioFiles
import FXParams
import Inference
import PriorKit
import StyleFeatures

/// The audio and the prior of a style transfer, read and checked.
struct StyleProblem {
  let prior: any Prior
  let inputs: [PreparedAudio]
  let references: [PreparedAudio]
  private let options: StyleOptions

  /// - Parameter isConditionNeeded: whether what is given must be for the prior; a start point may need it too.
  init(_ options: StyleOptions, isConditionNeeded: Bool = true, console: Console) throws {
    self.options = options
    let prior = try options.conditions.prior(
      at: options.prior, isNeeded: isConditionNeeded, dry: options.input, wet: options.reference, console: console)
    func prepare(_ paths: [String], _ role: AudioPreparation.Role) throws -> [PreparedAudio] {
      let preparation = AudioPreparation(
        role: role, sampleRate: prior.chain.sampleRate, targetLUFS: options.noLoudness ? nil : -18,
        segmenter: Segmenter(segmentSeconds: options.segmentSeconds))
      return try paths.map {
        let audio = try preparation.prepare(path: $0)
        audio.messages.forEach(console.message)
        return audio
      }
    }
    self.prior = prior
    references = try prepare(options.reference, .reference)
    inputs = try prepare(options.input, .dry)
  }

  /// Every file that the result depends on.
  var inputPaths: [String] {
    [options.prior] + options.reference + options.input + options.conditions.paths
  }

  func makePosterior(threads: Int) throws -> StylePosterior {
    let segments = references.flatMap(\.segments).map(\.audio)
    return try StylePosterior(
      prior: prior, encoder: options.encoder,
      references: segments.map { StereoSegment(left: $0.channels[0], right: $0.channels[1]) },
      inputs: inputs.flatMap(\.segments).map { $0.audio.channels[0] }, weights: .loss(alpha: options.alpha),
      threads: threads)
  }

  /// One line that names all the objective depends on: a state saved for one problem must not continue another.
  func fingerprint(_ provenance: Provenance) -> String {
    let files = provenance.inputs.map(\.sha256).joined(separator: " ")
    return "\(options.encoder.rawValue) alpha \(options.alpha) segments \(options.segmentSeconds) s "
      + "loudness \(!options.noLoudness) files \(files)"
  }
}
