import Foundation

/// The state of ReaComp, REAPER's compressor: 8 bytes of signature, then 21 f32 in the order of its parameters.
///
/// The scales are those of two projects that found them independently: `reacomp` in `reaper_fx` of
/// OuthenticLtd/Daw2Daw, measured by setting each parameter and reading the state back, and `COMP_MAPS` in
/// `public/rfxchain.js` of fuzzinvaders/presetbook. They agree on what is written here: threshold and wet as
/// factors up to 2, ratio 1 + 99 v, attack 500 v ms, release 5000 v ms, RMS size 100 v ms, knee 24 v dB. They
/// disagree on the pre-comp, 250 v or 500 v ms, which therefore stays at 0. The other numbers are the plugin's
/// default state.
public struct ReaComp: Sendable, Hashable {
  /// Up to 20 log10 2.
  public var thresholdDB: Double
  /// From 1 to 100.
  public var ratio: Double
  /// Up to 500.
  public var attackMilliseconds: Double
  /// Up to 5000.
  public var releaseMilliseconds: Double
  /// Size of the window of the level, up to 100.
  public var levelMilliseconds: Double
  /// ReaComp's output gain, its "wet": up to 20 log10 2.
  public var makeupDB: Double

  public init(
    thresholdDB: Double, ratio: Double, attackMilliseconds: Double, releaseMilliseconds: Double,
    levelMilliseconds: Double, makeupDB: Double
  ) {
    self.thresholdDB = thresholdDB
    self.ratio = ratio
    self.attackMilliseconds = attackMilliseconds
    self.releaseMilliseconds = releaseMilliseconds
    self.levelMilliseconds = levelMilliseconds
    self.makeupDB = makeupDB
  }

  /// The largest gain that a parameter holds, 2, in dB.
  public static let largestGainDB = 20 * log10(2.0)

  private static let signature: [UInt8] = [0xEF, 0xBE, 0xAD, 0xDE, 0x0D, 0xF0, 0xAD, 0xDE]

  /// The plugin with this state.
  public var plugin: ReaperChain.Plugin {
    // threshold, ratio, attack, release, pre-comp, reserved, low-pass, high-pass, listen, detector, dry, wet,
    // preview, RMS size, knee, auto make-up, auto release, and four that stay as they are.
    var numbers: [Float] = [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.25, 0, 0, 0]
    numbers[10] = Float(pow(10, -150.0 / 20))
    numbers[0] = Float(pow(10, thresholdDB / 20))
    numbers[1] = Float((ratio - 1) / 99)
    numbers[2] = Float(attackMilliseconds / 500)
    numbers[3] = Float(releaseMilliseconds / 5000)
    numbers[11] = Float(pow(10, makeupDB / 20))
    numbers[13] = Float(levelMilliseconds / 100)
    var state = StateBytes()
    state.append(bytes: Self.signature)
    for number in numbers { state.append(number) }
    return ReaperChain.Plugin(
      name: "ReaComp", number: "recm",
      pins: [0xFEED_5EEF, 4, 1, 0, 2, 0, 4, 0, 8, 0, 2, 1, 0, 2, 0, 0, 0x10_0000], state: state.data)
  }
}
