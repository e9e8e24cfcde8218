import Foundation

/// The state of ReaDelay, REAPER's delay of several taps.
///
/// Layout: u32 0, 0, number of taps, bytes of a tap (44), 2, 0; f32 wet, f32 dry; for each tap 11 f32: a flag,
/// enabled, length (ms / 10000), musical length, feedback as a factor, low-pass and high-pass (Hz / 20000),
/// resolution, stereo width ((w + 1) / 2), volume as a factor, pan ((p + 1) / 2). It is that of `readelay` in
/// `reaper_fx` of OuthenticLtd/Daw2Daw, measured by setting each parameter and reading the state back, with its
/// template of REAPER 7. The musical length of the template, one beat, is set to 0 there too.
public struct ReaDelay: Sendable, Hashable {
  /// One copy of the signal.
  public struct Tap: Sendable, Hashable {
    /// Up to 10000.
    public var milliseconds: Double
    /// A factor.
    public var volume: Double
    /// -1 left, 1 right. A tap at an end plays the input of that side there, whatever the pan law.
    public var pan: Double
    /// 20000 for an open filter.
    public var lowPassHz: Double

    public init(milliseconds: Double, volume: Double, pan: Double, lowPassHz: Double) {
      self.milliseconds = milliseconds
      self.volume = volume
      self.pan = pan
      self.lowPassHz = lowPassHz
    }
  }

  /// The taps, whose feedback is 0.
  public var taps: [Tap]
  /// The gain of all taps, a factor. The unprocessed signal is muted.
  public var wet: Double

  public init(taps: [Tap], wet: Double) {
    self.taps = taps
    self.wet = wet
  }

  /// The plugin with this state.
  public var plugin: ReaperChain.Plugin {
    var state = StateBytes()
    for number in [0, 0, Int32(taps.count), 44, 2, 0] { state.append(number) }
    state.append(Float(wet))
    state.append(Float(0))
    for tap in taps {
      let numbers = [
        0, 1, tap.milliseconds / 10_000, 0, 0, tap.lowPassHz / 20_000, 0, 1, 1, tap.volume, (tap.pan + 1) / 2,
      ]
      for number in numbers { state.append(Float(number)) }
    }
    return ReaperChain.Plugin(
      name: "ReaDelay", number: "redl", pins: ReaperChain.stereoPins, state: state.data)
  }
}
