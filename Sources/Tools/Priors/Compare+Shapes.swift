import PresetStore
import PriorKit

extension Compare {
  /// The estimators that can be compared on these presets: where some lack effects, those that take such presets.
  ///
  /// - Throws: one sentence where a family that was named cannot, or sums over copies of presets of one shape.
  func fitting(
    _ estimators: [any ComparedEstimator], _ collection: PresetCollection, _ other: PresetCollection?
  ) throws -> [any ComparedEstimator] {
    let all = [collection] + (other.map { [$0] } ?? [])
    guard let varying = all.firstIndex(where: { $0.patterns != nil }) else { return estimators }
    let sum = estimators.first {
      $0 is OrbitSumEstimator || $0 is SlotMixtureEstimator || $0 is ExchangeableBandsEstimator
    }
    if let sum {
      let path = varying == 0 ? presets : test ?? presets
      throw CommandError(
        "\(sum.name) sums over the copies of presets of one shape, and \(path) holds several: leave the family "
          + "out, or select presets of one shape.")
    }
    guard all.contains(where: \.lacksEffects) else { return estimators }
    let (fitting, others) = estimators.reduce(into: ([any ComparedEstimator](), [any DensityEstimator]())) {
      if let family = $1 as? any DensityEstimator, !family.acceptsAbsentColumns {
        $0.1.append(family)
      } else {
        $0.0.append($1)
      }
    }
    guard let first = others.first else { return fitting }
    guard families == nil else {
      throw PriorError.absentEffects(
        family: first.name, known: EstimatorCatalogue.standard.namesAcceptingAbsentColumns)
    }
    global.console.message(
      "Some presets lack effects; left out are families that take complete presets only: "
        + others.map(\.name).joined(separator: ", ") + ".")
    return fitting
  }
}
