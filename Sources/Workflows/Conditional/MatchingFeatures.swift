package import NumericCore
package import PresetStore
package import PriorKit

extension PresetCollection {
  /// The features of presets, if they are those that a conditional prior was fitted with.
  ///
  /// - Throws: `ConditionalError` if there are none, or others.
  package func features(matching prior: ConditionalPrior, path: String) throws -> Matrix {
    guard let features, let names = featureNames else { throw ConditionalError.noFeatures(path: path) }
    if let found = featureRecord, let expected = prior.featureRecord, found != expected {
      throw ConditionalError.otherFeatures(path: path, found: found.summary, expected: expected.summary)
    }
    guard names.count == prior.featureNames.count else {
      throw ConditionalError.featureCount(found: names.count, expected: prior.featureNames.count)
    }
    if let index = names.indices.first(where: { names[$0] != prior.featureNames[$0] }) {
      throw ConditionalError.otherFeatures(path: path, found: names[index], expected: prior.featureNames[index])
    }
    return features
  }
}
