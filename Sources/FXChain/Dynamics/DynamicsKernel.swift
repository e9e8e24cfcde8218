import Foundation
import NumericCore

/// The compressor/expander's setting in the units of its recursions.
struct DynamicsSetting {
  /// Thresholds in dB and the slopes 1 - 1/ratio: positive for the compressor, negative for the expander.
  var compressorThresholdDB = 0.0
  var expanderThresholdDB = 0.0
  var compressorSlope = 0.0
  var expanderSlope = 0.0
  /// One-pole coefficients.
  var attack = 1.0
  var release = 1.0
  var averaging = 1.0
}

/// What the recursions carry from one block to the next.
struct DynamicsState {
  /// One-pole average of the squared signal.
  var energy = 0.0
  /// Smoothed gain.
  var gain = 1.0
}

private let decibelsPerNeper = 10 / log(10.0)  // of a power
private let smallestPower = 1e-8
/// Averages below it (-370 dB; after a handful of samples of a coefficient near 0) count as constant: the smallest
/// that both precisions hold as a normal number.
private let smallestEnergy = 1e-37

/// Level detection, gain computer and smoothing (method section 2.2):
/// e = one-pole average of max(x^2, 1e-8), L = 10 log10 e, g = min(0, (1 - 1/Rc)(Tc - L), (1 - 1/Re)(Te - L)),
/// f = 10^(g/20), s = one-pole of f with the attack coefficient where f < s and the release coefficient elsewhere.
///
/// `energies`, `targets` (f) and `gains` (s) take `count` values each.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func followDynamics<Scalar: SignalScalar>(
  _ setting: DynamicsSetting, state: inout DynamicsState, input: UnsafePointer<Scalar>,
  energies: UnsafeMutablePointer<Scalar>, targets: UnsafeMutablePointer<Scalar>,
  gains: UnsafeMutablePointer<Scalar>, count: Int
) {
  var energy = state.energy
  for n in 0..<count {
    let x = Double(input[n])
    energy += setting.averaging * (max(x * x, smallestPower) - energy)
    energies[n] = Scalar(energy)
  }
  for n in 0..<count { targets[n] = gainTarget(setting, energy: energies[n]).factor }
  var gain = state.gain
  for n in 0..<count {
    let target = Double(targets[n])
    gain += (target < gain ? setting.attack : setting.release) * (target - gain)
    gains[n] = Scalar(gain)
  }
  state = DynamicsState(energy: energy, gain: gain)
}

/// The gain computer at one energy: the linear factor, and which of the three pieces is active.
@inline(__always)
func gainTarget<Scalar: SignalScalar>(
  _ setting: DynamicsSetting, energy: Scalar
) -> (factor: Scalar, isCompressing: Bool, isExpanding: Bool, levelDB: Scalar) {
  let level = Scalar(decibelsPerNeper) * naturalLog(max(energy, Scalar(smallestEnergy)))
  let compressor = Scalar(setting.compressorSlope) * (Scalar(setting.compressorThresholdDB) - level)
  let expander = Scalar(setting.expanderSlope) * (Scalar(setting.expanderThresholdDB) - level)
  let gain = min(0, min(compressor, expander))
  guard gain < 0 else { return (1, false, false, level) }
  let factor = exponential(gain * Scalar(log(10.0) / 20))
  return (factor, compressor <= expander, expander < compressor, level)
}

@inline(__always)
private func naturalLog<Scalar: SignalScalar>(_ x: Scalar) -> Scalar {
  if Scalar.self == Float.self { return Scalar(log(Float(x))) }
  return Scalar(log(Double(x)))
}

@inline(__always)
private func exponential<Scalar: SignalScalar>(_ x: Scalar) -> Scalar {
  if Scalar.self == Float.self { return Scalar(exp(Float(x))) }
  return Scalar(exp(Double(x)))
}

/// The pullback of ``followDynamics`` from the initial state over a whole signal.
///
/// The recursions run backwards in time with the branch of each sample found from the stored signals (Yu & Fazekas,
/// arXiv 2404.07970). `gainCotangent` holds sbar; `inputCotangent` is added to.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func pullDynamics<Scalar: SignalScalar>(
  _ setting: DynamicsSetting, input: UnsafePointer<Scalar>, energies: UnsafePointer<Scalar>,
  targets: UnsafePointer<Scalar>, gains: UnsafePointer<Scalar>, gainCotangent: UnsafePointer<Scalar>,
  inputCotangent: UnsafeMutablePointer<Scalar>, count: Int
) -> DynamicsSetting {
  var total = DynamicsSetting(attack: 0, release: 0, averaging: 0)
  let initial = DynamicsState()
  var gainCarry = 0.0
  var energyCarry = 0.0
  for n in stride(from: count - 1, through: 0, by: -1) {
    // Smoothing.
    let previous = n > 0 ? Double(gains[n - 1]) : initial.gain
    let target = Double(targets[n])
    let isAttack = target < previous
    let coefficient = isAttack ? setting.attack : setting.release
    let smoothed = Double(gainCotangent[n]) + gainCarry
    let difference = smoothed * (target - previous)
    total.attack += isAttack ? difference : 0
    total.release += isAttack ? 0 : difference
    gainCarry = (1 - coefficient) * smoothed
    let targetBar = coefficient * smoothed

    // Gain computer; where no piece is active the target is constant.
    let energy = Double(energies[n])
    var energyBar = 0.0
    if target < 1 {
      let point = gainTarget(setting, energy: energies[n])
      let gainBar = targetBar * target * (log(10) / 20)
      let slope = point.isCompressing ? setting.compressorSlope : setting.expanderSlope
      let excess =
        (point.isCompressing ? setting.compressorThresholdDB : setting.expanderThresholdDB)
        - Double(point.levelDB)
      if point.isCompressing {
        total.compressorThresholdDB += slope * gainBar
        total.compressorSlope += excess * gainBar
      } else {
        total.expanderThresholdDB += slope * gainBar
        total.expanderSlope += excess * gainBar
      }
      if energy > smallestEnergy { energyBar = -slope * gainBar * decibelsPerNeper / energy }
    }

    // Level detection.
    let averaged = energyBar + energyCarry
    let x = Double(input[n])
    let power = max(x * x, smallestPower)
    total.averaging += averaged * (power - (n > 0 ? Double(energies[n - 1]) : initial.energy))
    energyCarry = (1 - setting.averaging) * averaged
    if x * x > smallestPower { inputCotangent[n] += Scalar(2 * x * setting.averaging * averaged) }
  }
  return total
}
