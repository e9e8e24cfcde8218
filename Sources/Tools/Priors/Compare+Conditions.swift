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

  func requireSameFeatures(_ other: PresetCollection, _ collection: PresetCollection) throws {
    guard conditional.isConditional, let test else { return }
    guard other.features != nil else { throw ConditionalError.noFeatures(path: test) }
    guard other.featureNames == collection.featureNames, other.featureRecord == collection.featureRecord else {
      throw ConditionalError.otherFeatures(
        path: test, found: other.featureRecord?.summary ?? "\(other.featureNames?.count ?? 0) features",
        expected: collection.featureRecord?.summary ?? "\(collection.featureNames?.count ?? 0) features")
    }
  }
}
