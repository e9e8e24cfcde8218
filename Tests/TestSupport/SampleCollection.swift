import FXParams
import Foundation
import NumericCore
package import PresetStore
package import Testing

extension PresetCollection {
  /// A small collection of a chain with one parameter of each kind of map, every optional part filled.
  package static func sample(count: Int = 5, named: Bool = true) -> PresetCollection {
    let chain = ChainDescription(
      series: [
        .biquad(.init(name: "peak", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20))),
        .compressorExpander(.init()),
      ], sends: [], hasDirectPan: true)
    let space = chain.parameterSpace
    // Logits in -3 .. 3; those of folded parameters in their fundamental period, where they survive physical
    // values.
    let values = (0..<count * space.count).map { index -> Double in
      let logit = 3 * sin(Double(index) * 1.7 + 0.3)
      return space.parameters[index % space.count].bijector.isBijective ? logit : abs(logit)
    }
    return PresetCollection(
      chain: chain, theta: Matrix(rows: count, columns: space.count, values: values),
      labels: named ? (0..<count).map { "preset, \"\($0)\" é" } : nil,
      groups: named ? (0..<count).map { "song \($0 / 2)" } : nil,
      features: named ? Matrix(rows: count, columns: 2, values: (0..<2 * count).map { Double($0) / 3 }) : nil,
      featureNames: named ? ["loudness", "tempo"] : nil,
      weights: named ? (0..<count).map { Double($0) / 7 } : nil)
  }

  package func isEqual(to other: PresetCollection) -> Bool {
    chain == other.chain && theta == other.theta && labels == other.labels && groups == other.groups
      && features == other.features && featureNames == other.featureNames && weights == other.weights
      && information == other.information && retrieval == other.retrieval
  }
}

/// Checks that `body` throws a ``DataError`` of a code whose sentence holds every one of `texts`.
package func expectDataError(
  _ code: DataError.Code, _ texts: String..., sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  let error = #expect(throws: DataError.self, sourceLocation: sourceLocation) { try body() }
  guard let error else { return }
  #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
  for text in texts {
    #expect(error.description.contains(text), "\(error)", sourceLocation: sourceLocation)
  }
}
