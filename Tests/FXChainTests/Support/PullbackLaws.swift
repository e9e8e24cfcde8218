import FXChain
import FXParams
import NumericCore
import TestSupport
import Testing

/// A chain at one setting and signal, as the laws of its pullback see it.
struct PullbackCase: Sendable, CustomTestStringConvertible {
  var name: String
  var chain: ChainDescription
  var logits: [Double]
  var dry: [Double] = TestSignals.swells(3000)
  /// Step of the differences. Large steps hide rounding; small ones serve where branches switch from sample to
  /// sample, or where an echo of an echo of an echo moves.
  var step = 1e-3
  var tolerance = 1e-6
  /// Whether every parameter must have an effect at this setting.
  var isGeneric = true

  var testDescription: String { name }
}

/// The pullback of `case` meets central differences in Double in every parameter and, for some samples, in the dry
/// signal; it is finite, and where the setting is generic no component is zero.
///
/// A component may differ by `tolerance` of itself plus what rounding of the value does to the difference.
func checkPullback(_ subject: PullbackCase, sourceLocation: SourceLocation = #_sourceLocation) {
  let count = subject.dry.count
  let cotangents = (left: TestSignals.noise(count, seed: 21), right: TestSignals.noise(count, seed: 22))
  let renderer = ChainRenderer<Double>(subject.chain, segments: [subject.dry])
  func value(_ logits: [Double]) -> Double {
    renderer.render(logits: logits)
    return weighted(renderer, cotangents)
  }

  let rendering = Rendering(subject.chain, dry: subject.dry, logits: subject.logits, cotangents: cotangents)
  #expect(rendering.isFinite, "\(subject.name): not finite", sourceLocation: sourceLocation)
  // A compressor that turns all down still rounds like the signal it was given.
  let magnitude =
    max(product(rendering.left, cotangents.left), product(subject.dry, cotangents.left))
    + max(product(rendering.right, cotangents.right), product(subject.dry, cotangents.right))
  let rounding = 1e-13 * magnitude / subject.step

  for (index, parameter) in renderer.space.parameters.enumerated() {
    let found = rendering.gradient[index]
    let expected = centralDifference(of: value, at: subject.logits, coordinate: index, step: subject.step)
    let allowed = subject.tolerance * abs(expected) + rounding
    #expect(
      abs(found - expected) <= allowed,
      "\(subject.name): \(parameter.name) has \(found), not \(expected) within \(allowed)",
      sourceLocation: sourceLocation)
    if subject.isGeneric {
      #expect(
        abs(found) > 1e-11 * magnitude, "\(subject.name): \(parameter.name) has no effect",
        sourceLocation: sourceLocation)
    }
  }
  checkDryCotangent(subject, rendering, cotangents, sourceLocation: sourceLocation)
}

/// The dry signal's cotangent meets differences in random directions: one number tests all samples at once.
private func checkDryCotangent(
  _ subject: PullbackCase, _ rendering: Rendering, _ cotangents: (left: [Double], right: [Double]),
  sourceLocation: SourceLocation
) {
  let loudest = subject.dry.map(abs).max() ?? 0
  let direction = TestSignals.noise(subject.dry.count, seed: 23, amplitude: max(loudest, 1e-3))
  let step = min(subject.step, 1e-4) / 10
  func value(_ position: [Double]) -> Double {
    let moved = zip(subject.dry, direction).map { $0 + position[0] * $1 }
    let renderer = ChainRenderer<Double>(subject.chain, segments: [moved])
    renderer.render(logits: subject.logits)
    return weighted(renderer, cotangents)
  }
  let found = zip(rendering.dryCotangent, direction).reduce(0) { $0 + $1.0 * $1.1 }
  let expected = centralDifference(of: value, at: [0], coordinate: 0, step: step)
  let magnitude = product(rendering.dryCotangent, direction)
  #expect(
    abs(found - expected) <= 10 * subject.tolerance * magnitude + 1e-13,
    "\(subject.name): the dry signal has \(found), not \(expected)", sourceLocation: sourceLocation)
}

/// sum |a b|: what a sum's rounding errors are relative to.
private func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + abs($1.0 * $1.1) } }

/// sum <cotangent, output> of a renderer's first segment.
private func weighted(
  _ renderer: ChainRenderer<Double>, _ cotangents: (left: [Double], right: [Double])
) -> Double {
  let (left, right) = renderer.output(of: 0)
  var sum = 0.0
  for n in 0..<left.count { sum += left.pointer[n] * cotangents.left[n] + right.pointer[n] * cotangents.right[n] }
  return sum
}
