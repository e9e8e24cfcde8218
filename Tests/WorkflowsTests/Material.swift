import AudioFiles
import FXParams
import FoundationEssentials
import NumericCore
import PresetStore
import PriorKit
import TestSupport

/// Recordings and priors that workflows are tried with.
enum Material {
  static let sampleRate = 44_100.0

  /// A peak filter on a vocal that is panned: four parameters, and a gradient.
  static let chain = ChainDescription(
    series: [.biquad(BiquadBand(name: "bell", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20)))],
    sends: [], hasCrossSends: false, hasDirectPan: true)

  /// The same with a bit crusher, which has none.
  static let crushed = ChainDescription(
    series: [.bitCrusher(BitCrusher())], sends: [], hasCrossSends: false, hasDirectPan: true)

  /// A standard normal prior over the logits of a chain.
  static func prior(_ chain: ChainDescription = chain) throws -> Prior {
    let dimension = chain.parameterSpace.count
    return try Prior(
      chain: chain, mean: [Double](repeating: 0, count: dimension), covariance: .identity(dimension))
  }

  /// Stores the voice that comes with the package, and the same voice later on the right.
  static func store(in folder: borrowing Scratch, seconds: Double = 1) throws -> (dry: String, wet: String) {
    let samples = try AudioReader.read(path: DefaultData.file("dry-vocal.flac").path).channels[0]
    let voice = Array(samples[44_100..<44_100 + Int(seconds * sampleRate)])
    let later = [Float](repeating: 0, count: 700) + voice.dropLast(700).map { 0.6 * $0 }
    let paths = (dry: folder.file("dry.wav"), wet: folder.file("wet.wav"))
    try AudioWriter.write(
      AudioBuffer(channels: [voice], sampleRate: sampleRate), path: paths.dry, format: .waveFloat32)
    try AudioWriter.write(
      AudioBuffer(channels: [voice, later], sampleRate: sampleRate), path: paths.wet, format: .waveFloat32)
    return paths
  }
}
