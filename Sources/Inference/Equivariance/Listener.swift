import FXChain
import FXParams
import Foundation
import NumericCore
import StyleFeatures

/// Renders presets, in Double, and compares what symmetries make of them.
final class Listener {
  private let renderer: ChainRenderer<Double>
  private let comparison: OutputComparison
  private let encoders: [(name: String, encoder: any StyleEncoder<Double>)]

  init(_ sound: EquivarianceDiagnosis.Sound) throws {
    renderer = ChainRenderer(sound.chain, segments: [sound.dry])
    comparison = OutputComparison(frameCount: sound.dry.count, sampleRate: sound.chain.sampleRate)
    encoders = try sound.encoders.map {
      (
        $0.rawValue,
        try $0.makeEncoder(frameCount: sound.dry.count, sampleRate: sound.chain.sampleRate, gain: 1)
      )
    }
  }

  /// What each symmetry makes of a preset; nil where it does not apply.
  func hear(_ symmetries: [Symmetry], theta: [Double]) throws -> [Heard?] {
    let reference = render(theta)
    let embeddings = try encoders.map { try $0.encoder.encode(left: reference.left, right: reference.right) }
    return try symmetries.map { symmetry in
      guard let image = symmetry.image(of: theta) else { return nil }
      let output = render(image.theta)
      let isMirrored = symmetry.effect == .mirrored
      var angles: [String: Double] = [:]
      for ((name, encoder), before) in zip(encoders, embeddings) {
        let after =
          try isMirrored
          ? encoder.encode(left: output.right, right: output.left)
          : encoder.encode(left: output.left, right: output.right)
        angles[name] = max(Self.angle(before.mid, after.mid), Self.angle(before.side, after.side))
      }
      return Heard(
        deviation: comparison.deviation(of: output, from: reference, mirrored: isMirrored), angles: angles)
    }
  }

  /// Both channels of a preset.
  func render(_ theta: [Double]) -> OutputComparison.Stereo {
    renderer.render(logits: theta)
    let (left, right) = renderer.output(of: 0)
    return (left.array, right.array)
  }

  /// Of unit vectors, by the chord, which keeps small angles exact.
  private static func angle(_ first: [Double], _ second: [Double]) -> Double {
    let chord = zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    return 2 * asin(min(1, chord / 2))
  }
}
