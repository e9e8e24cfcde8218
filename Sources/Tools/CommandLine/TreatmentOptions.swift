public import ArgumentParser
import PresetStore

extension ValueTreatment.AtBounds: ExpressibleByArgument {}

/// What is done about values on bounds and about rounding when presets are read from text.
struct TreatmentOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "What happens to values on a bound: refuse, clamp (move inside) or widen (the range).",
      valueName: "refuse|clamp|widen"))
  var atBounds: ValueTreatment.AtBounds = .refuse

  @Flag(name: .long, help: "Undo rounding: add uniform noise of half a rounding step either way.")
  var dither = false

  @OptionGroup var random: RandomOptions

  var treatment: ValueTreatment { ValueTreatment(atBounds: atBounds, ditherSeed: seed) }

  /// Nil where no random numbers are drawn.
  var seed: UInt64? { dither ? random.seed : nil }
}
