import AudioFiles
import FXChain
import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit

/// Fits a prior to presets, draws a preset from it and renders a dry vocal through that, with the libraries alone.
///
///     swift run -c release --package-path Examples SampleAndRender data/presets.h5 data/dry-vocal.flac wet.wav
@main
enum SampleAndRender {
  static func main() throws {
    let paths = Array(CommandLine.arguments.dropFirst())
    guard paths.count == 3 else {
      print("usage: SampleAndRender PRESETS.h5 DRY.wav WET.wav")
      exit(64)
    }
    // Fit.
    let prior = try GaussianEstimator.unbiased.fit(PresetFile.read(paths[0]))
    print("log density at the mean: \(prior.logDensity(at: prior.mean))")

    // Sample: the same seed gives the same preset.
    var source = RandomSource(seed: 1)
    let logits = prior.sample(using: &source)
    let values = prior.space.values(ofLogits: logits)
    for (parameter, value) in zip(prior.space.parameters, values).prefix(14) {
      print(parameter.name, value, parameter.unit.rawValue)
    }

    // Render.
    let sampleRate = prior.chain.sampleRate
    let dry = try AudioReader.read(path: paths[1]).mono().resampled(to: sampleRate, source: paths[1])
    let writer = try AudioWriter(path: paths[2], format: .waveFloat32, sampleRate: sampleRate, channelCount: 2)
    let renderer = StreamingRenderer<Float>(
      prior.chain, logits: logits, frameCount: dry.frameCount,
      threads: ProcessInfo.processInfo.activeProcessorCount)
    try renderer.process(dry.channels[0], isLast: true) { left, right in
      try writer.write(AudioBuffer(channels: [left, right], sampleRate: sampleRate))
    }
    try writer.finish()
    print("\(paths[2]): \(writer.framesWritten) frames")
  }
}
