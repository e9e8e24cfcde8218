import CKernels
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

/// The state of the recursions between two blocks.
struct DynamicsState {
  /// One-pole average of the squared signal.
  var energy = 0.0
  /// Smoothed gain.
  var gain = 1.0
}

/// Level detection, gain computer and smoothing (method section 2.2):
/// e = one-pole average of max(x^2, 1e-8), L = 10 log10 e, g = min(0, (1 - 1/Rc)(Tc - L), (1 - 1/Re)(Te - L)),
/// f = 10^(g/20), s = one-pole of f with the attack coefficient where f < s and the release coefficient elsewhere.
///
/// `energies`, `targets` (f) and `gains` (s) take `count` values each.
func followDynamics<Scalar: SignalScalar>(
  _ setting: DynamicsSetting, state: inout DynamicsState, input: UnsafePointer<Scalar>,
  energies: UnsafeMutablePointer<Scalar>, targets: UnsafeMutablePointer<Scalar>,
  gains: UnsafeMutablePointer<Scalar>, count: Int
) {
  var kernelState = dynamics_state(energy: state.energy, gain: state.gain)
  withUnsafePointer(to: setting.forKernel) {
    Scalar.kernels.filters.dynamics($0, &kernelState, input, energies, targets, gains, count)
  }
  state = DynamicsState(energy: kernelState.energy, gain: kernelState.gain)
}

/// The pullback of ``followDynamics`` from the initial state over a whole signal. `gainCotangent` holds sbar;
/// `inputCotangent` is added to.
func pullDynamics<Scalar: SignalScalar>(
  _ setting: DynamicsSetting, input: UnsafePointer<Scalar>, energies: UnsafePointer<Scalar>,
  targets: UnsafePointer<Scalar>, gains: UnsafePointer<Scalar>, gainCotangent: UnsafePointer<Scalar>,
  inputCotangent: UnsafeMutablePointer<Scalar>, count: Int
) -> DynamicsSetting {
  var total = dynamics_setting()
  withUnsafePointer(to: setting.forKernel) {
    Scalar.kernels.filters.dynamicsPullback(
      $0, input, energies, targets, gains, gainCotangent, inputCotangent, &total, count)
  }
  return DynamicsSetting(
    compressorThresholdDB: total.compressor_threshold, expanderThresholdDB: total.expander_threshold,
    compressorSlope: total.compressor_slope, expanderSlope: total.expander_slope, attack: total.attack,
    release: total.release, averaging: total.averaging)
}

extension DynamicsSetting {
  fileprivate var forKernel: dynamics_setting {
    dynamics_setting(
      compressor_threshold: compressorThresholdDB, expander_threshold: expanderThresholdDB,
      compressor_slope: compressorSlope, expander_slope: expanderSlope, attack: attack, release: release,
      averaging: averaging)
  }
}
