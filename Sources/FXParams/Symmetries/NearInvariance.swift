// Settings that hardly matter, as approximate symmetries: a criterion on the preset, and a motion of the logits
// that then hardly change the sound. The motion is one step of 1 (gains at zero: down by 1); any other length is a
// power of it.

/// When a setting hardly matters.
public enum NearInvarianceCriterion {
  /// A peak or shelf of a gain of g dB lies between 0 and g dB everywhere, so that moving its frequency and Q
  /// changes the response by at most |g| dB.
  public static let inactiveGainDB = 0.1
  /// A gain below -60 dB: what it lets through, and everything behind it, is 60 dB below its input.
  public static let closedGain = 0.001
  /// The level in the compressor, an RMS, stays below full scale unless an equaliser before it lifts it there.
  public static let ceilingDBFS = 0.0
  /// The floor that the level detector itself has (squares are at least 1e-8): an expander below it does not act.
  public static let floorDBFS = -80.0
}

extension Parameter {
  /// The gain of a send that is closed.
  func closedSend(at index: Int) -> Symmetry {
    Symmetry(
      name: "\(name) closed", kind: .approximate,
      entries: [.init(target: index, source: index, map: LogitMap([.translated(by: -1)]))],
      conditions: [.init(index: index, parameter: self, bound: .below(NearInvarianceCriterion.closedGain))])
  }
}
