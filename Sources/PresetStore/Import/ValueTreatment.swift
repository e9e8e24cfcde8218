/// What is done about numbers as people write them before they become logits: values on a bound, which have no
/// finite logit, and rounding, which puts many values on one point.
///
/// A kind is a parameter of bands that are alike but for their names: it is treated as one, so that exchangeable
/// bands stay exchangeable.
public struct ValueTreatment: Sendable, Hashable {
  /// What happens to a value on a bound of its parameter.
  public enum AtBounds: String, Sendable, CaseIterable {
    /// It is refused.
    case refuse
    /// It is moved inside: by half the distance between the bound and the nearest other value of its kind, and at
    /// most by a thousandth of the range, so that the order of values stays.
    case clamp
    /// The range of its kind is widened in the chain of the presets: beyond the outermost value by a twentieth of
    /// the range, a lower bound at most down to half of that value, an upper bound of a frequency at most half-way
    /// to half the sample rate; then outward to four significant digits. Values outside the range count too. Only
    /// frequencies and Qs of bands have ranges that can be widened.
    case widen
  }

  /// The rule for values on a bound.
  public var atBounds: AtBounds
  /// Seeds the noise that undoes rounding; nil to leave numbers as they are. The noise is uniform over half a
  /// rounding step either way, as far as that is inside the bounds. The step is what all numbers of a kind in one
  /// unit are whole multiples of (`RoundingStep`), where there are at least five different ones; a preset whose own
  /// numbers of that unit and step, at least five, were rounded to ten times as much has that step.
  public var ditherSeed: UInt64?

  /// Leaves rounding and refuses values on bounds unless said otherwise.
  public init(atBounds: AtBounds = .refuse, ditherSeed: UInt64? = nil) {
    (self.atBounds, self.ditherSeed) = (atBounds, ditherSeed)
  }
}
