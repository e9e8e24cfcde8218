import AudioFiles
import Distributions
import Foundation
import Inference
import PresetStore
import PriorKit

/// Fits a family of one's own to presets, stores it, reads it back and transfers a style with it.
///
///     swift run -c release --package-path Examples CustomFamily data/presets.h5 prior.h5 data/dry-vocal.flac reference.wav
@main
enum CustomFamily {
  static func main() throws {
    let paths = Array(CommandLine.arguments.dropFirst())
    guard paths.count == 4 else {
      print("usage: CustomFamily PRESETS.h5 PRIOR.h5 DRY.wav REFERENCE.wav")
      exit(64)
    }
    // Fit, store, read. Files are written and read with the standard families and one more.
    let families = DensityFamilies.standard.adding(Logistic.self)
    let presets = try PresetFile.read(paths[0])
    try PriorFile.write(
      LogisticEstimator().fit(presets), to: paths[1], families: families,
      provenance: Provenance(arguments: CommandLine.arguments), overwrite: true)
    let prior = try PriorFile.read(paths[1], families: families)
    print("\(paths[1]): \(type(of: prior.density)) over \(prior.density.dimension) parameters")

    // Transfer: 20 steps of Adam from the mean.
    let sampleRate = prior.chain.sampleRate
    let dry = try AudioPreparation(role: .dry, sampleRate: sampleRate).prepare(path: paths[2])
    let reference = try AudioPreparation(role: .reference, sampleRate: sampleRate).prepare(path: paths[3])
    let posterior = try StylePosterior(
      prior: prior, encoder: .mfcc,
      references: reference.segments.map { StereoSegment(left: $0.audio.channels[0], right: $0.audio.channels[1]) },
      inputs: dry.segments.map { $0.audio.channels[0] }, weights: .loss(alpha: 0.1), threads: 2)
    let map = MaximumAPosteriori(optimiser: Adam(learningRate: 0.01), steps: 20)
    var state = try map.makeState(from: prior.mean)
    guard let result = try map.run(posterior, state: &state).result else { return }
    print("loss \(state.trace.loss[0]) at the mean, \(result.best.loss) after \(result.best.step) steps")
  }
}
