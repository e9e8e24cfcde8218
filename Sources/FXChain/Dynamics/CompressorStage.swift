import FXParams
import Foundation
import NumericCore

/// The compressor/expander on one whole signal, with what its pullback needs.
///
/// Unchecked sendable: it belongs to one segment, whose tasks follow each other.
final class CompressorStage<Scalar: SignalScalar>: SeriesStage, @unchecked Sendable {
  let parameterCount: Int
  private let effect: CompressorExpander
  private let sampleRate: Double
  private let count: Int
  private let lookahead: LookaheadFilter<Scalar>?
  private let energies: SignalBuffer<Scalar>
  private let targets: SignalBuffer<Scalar>
  private let gains: SignalBuffer<Scalar>
  /// The gain applied, lookahead included.
  private let advanced: SignalBuffer<Scalar>
  private var setting = DynamicsSetting()
  private var makeup = 1.0

  init(_ effect: CompressorExpander, sampleRate: Double, count: Int) {
    self.effect = effect
    self.sampleRate = sampleRate
    self.count = count
    parameterCount = effect.parameters().count
    lookahead = effect.maximumLookaheadMilliseconds.map {
      LookaheadFilter(count: count, maximumShiftSamples: $0 * sampleRate / 1000)
    }
    energies = SignalBuffer(count: count)
    targets = SignalBuffer(count: count)
    gains = SignalBuffer(count: count)
    advanced = lookahead == nil ? gains : SignalBuffer(count: count)
  }

  func apply(
    _ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafeMutablePointer<Scalar>,
    scratch _: SegmentScratch<Scalar>
  ) {
    let fields = CompressorFields(effect)
    setting = fields.setting(values)
    makeup = pow(10, values[fields.makeup] / 20)
    var state = DynamicsState()
    followDynamics(
      setting, state: &state, input: input, energies: energies.pointer, targets: targets.pointer,
      gains: gains.pointer, count: count)
    if let lookahead, let position = fields.lookahead {
      lookahead.apply(
        shiftSamples: values[position] * sampleRate / 1000, input: gains.pointer, output: advanced.pointer)
    }
    applyGain(advanced.pointer, makeup: makeup, to: input, into: output, count: count)
  }

  func pullback(
    _ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    cotangent: UnsafeMutablePointer<Scalar>, into gradient: UnsafeMutablePointer<Double>,
    scratch: SegmentScratch<Scalar>
  ) {
    let fields = CompressorFields(effect)
    gradient[fields.makeup] += log(10) / 20 * innerProduct(cotangent, output, count: count)
    // y = makeup x G: the gain's cotangent goes to scratch, the input's replaces the output's.
    pullGain(
      advanced.pointer, makeup: makeup, input: input, cotangent: cotangent, gainCotangent: scratch.signal.pointer,
      count: count)
    // The applied gain has been read for the last time, so its storage takes the cotangent of the smoothed gain.
    var smoothedCotangent = scratch.signal.pointer
    if let lookahead, let position = fields.lookahead {
      let shift = lookahead.pullback(cotangent: scratch.signal.pointer, into: advanced.pointer)
      gradient[position] += shift * sampleRate / 1000
      smoothedCotangent = advanced.pointer
    }
    let total = pullDynamics(
      setting, input: input, energies: energies.pointer, targets: targets.pointer, gains: gains.pointer,
      gainCotangent: smoothedCotangent, inputCotangent: cotangent, count: count)
    fields.pullback(total, values: values, into: gradient)
  }
}

/// Positions of the compressor's parameters in its flat order, and the map to the recursions' setting.
struct CompressorFields {
  let makeup = 2
  /// Position of the lookahead, where the effect has one.
  let lookahead: Int?
  private let coefficients: Int

  init(_ effect: CompressorExpander) {
    lookahead = effect.maximumLookaheadMilliseconds == nil ? nil : 3
    coefficients = lookahead == nil ? 3 : 4
  }

  func setting(_ values: UnsafePointer<Double>) -> DynamicsSetting {
    DynamicsSetting(
      compressorThresholdDB: values[0], expanderThresholdDB: values[1],
      compressorSlope: 1 - 1 / ratio(values, 3), expanderSlope: 1 - 1 / ratio(values, 4),
      attack: values[coefficients], release: values[coefficients + 1], averaging: values[coefficients + 2])
  }

  func pullback(
    _ total: DynamicsSetting, values: UnsafePointer<Double>, into gradient: UnsafeMutablePointer<Double>
  ) {
    gradient[0] += total.compressorThresholdDB
    gradient[1] += total.expanderThresholdDB
    gradient[coefficients] += total.attack
    gradient[coefficients + 1] += total.release
    gradient[coefficients + 2] += total.averaging
    for (field, slope) in [(3, total.compressorSlope), (4, total.expanderSlope)]
    where values[coefficients + field] > Self.smallestRatio {
      gradient[coefficients + field] += slope / (ratio(values, field) * ratio(values, field))
    }
  }

  private static let smallestRatio = 1e-12

  /// A ratio, kept away from zero: far out, the sigmoid of the expander ratio goes to 0.
  private func ratio(_ values: UnsafePointer<Double>, _ field: Int) -> Double {
    max(values[coefficients + field], Self.smallestRatio)
  }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func applyGain<Scalar: SignalScalar>(
  _ gain: UnsafePointer<Scalar>, makeup: Double, to input: UnsafePointer<Scalar>,
  into output: UnsafeMutablePointer<Scalar>, count: Int
) {
  let makeup = Scalar(makeup)
  for n in 0..<count { output[n] = makeup * gain[n] * input[n] }
}

/// Derived in docs/derivations.md, section 3.2.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func pullGain<Scalar: SignalScalar>(
  _ gain: UnsafePointer<Scalar>, makeup: Double, input: UnsafePointer<Scalar>,
  cotangent: UnsafeMutablePointer<Scalar>, gainCotangent: UnsafeMutablePointer<Scalar>, count: Int
) {
  let makeup = Scalar(makeup)
  for n in 0..<count {
    let scaled = makeup * cotangent[n]
    gainCotangent[n] = scaled * input[n]
    cotangent[n] = scaled * gain[n]
  }
}
