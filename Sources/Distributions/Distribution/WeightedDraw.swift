package import NumericCore

extension RandomSource {
  /// An index drawn in proportion to weights that add up to 1; takes one uniform deviate.
  package mutating func nextIndex(weights: [Double]) -> Int {
    var remaining = nextUniform()
    let index = weights.firstIndex { weight in
      remaining -= weight
      return remaining < 0
    }
    // Rounding may leave a little.
    return index ?? weights.count - 1
  }
}
