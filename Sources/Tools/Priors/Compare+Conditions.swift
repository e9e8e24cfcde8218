import PresetStore
import PriorKit
import Workflows

extension Compare {
  /// Says, for each table of a comparison of conditional families, whether the features help.
  func tellVerdicts(of report: ComparisonReport) throws {
    for verdict in report.verdicts {
      if verdict.helps {
        global.console.message(verdict.sentence)
      } else {
        global.console.warning(verdict.sentence)
      }
    }
  }

  /// Which family to fit, by each table.
  func conclusions(from report: ComparisonReport) -> [String] {
    let conclusion = ComparisonConclusion(baseline: report.baseline) { family in
      let suffix = ConditionalFitter.unconditionalSuffix
      guard conditional.isConditional, !family.hasSuffix(suffix) else {
        return "--family " + (family.hasSuffix(suffix) ? String(family.dropLast(suffix.count)) : family)
      }
      return "--given features --family \(family)"
    }
    return report.tables.compactMap(conclusion.sentence(on:))
  }

  func requireSameFeatures(_ other: PresetCollection, _ collection: PresetCollection) throws {
    guard conditional.isConditional, let test else { return }
    try other.requireFeatures(of: collection, path: test)
  }
}

extension PresetCollection {
  /// - Throws: `ConditionalError` unless these presets, of the file given, have features made as those of others.
  func requireFeatures(of other: PresetCollection, path: String) throws {
    guard features != nil else { throw ConditionalError.noFeatures(path: path) }
    guard featureNames == other.featureNames, featureRecord == other.featureRecord else {
      throw ConditionalError.otherFeatures(
        path: path, found: featureRecord?.summary ?? "\(featureNames?.count ?? 0) features",
        expected: other.featureRecord?.summary ?? "\(other.featureNames?.count ?? 0) features")
    }
  }
}
