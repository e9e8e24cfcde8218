import FXParams

/// The compressor's parameters as the setting of its recursions.
struct CompressorFields {
  let slots: CompressorExpander.Slots

  init(_ effect: CompressorExpander) { slots = effect.slots }

  func setting(_ values: UnsafePointer<Double>) -> DynamicsSetting {
    DynamicsSetting(
      compressorThresholdDB: values[slots.threshold], expanderThresholdDB: values[slots.expanderThreshold],
      compressorSlope: 1 - 1 / Self.ratio(values[slots.ratio]),
      expanderSlope: 1 - 1 / Self.ratio(values[slots.expanderRatio]),
      attack: values[slots.attack], release: values[slots.release], averaging: values[slots.averaging])
  }

  func pullback(
    _ total: DynamicsSetting, values: UnsafePointer<Double>, into gradient: UnsafeMutablePointer<Double>
  ) {
    gradient[slots.threshold] += total.compressorThresholdDB
    gradient[slots.expanderThreshold] += total.expanderThresholdDB
    gradient[slots.attack] += total.attack
    gradient[slots.release] += total.release
    gradient[slots.averaging] += total.averaging
    for (position, slope) in [(slots.ratio, total.compressorSlope), (slots.expanderRatio, total.expanderSlope)]
    where values[position] > Self.smallestRatio {
      gradient[position] += slope / (Self.ratio(values[position]) * Self.ratio(values[position]))
    }
  }

  private static let smallestRatio = 1e-12

  /// A ratio, kept away from zero: far out, the sigmoid of the expander ratio goes to 0.
  private static func ratio(_ value: Double) -> Double { max(value, smallestRatio) }
}
