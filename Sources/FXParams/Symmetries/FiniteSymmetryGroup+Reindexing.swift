// The same symmetries of a part of the parameters: for marginals and conditionals.

extension FiniteSymmetryGroup.Factor {
  /// The factor on other positions.
  ///
  /// - Precondition: every position that it touches has a new one.
  public func reindexed(by positions: [Int: Int]) -> Self {
    switch self {
    case .involutions(let generators): .involutions(generators.map { $0.reindexed(by: positions) })
    case .permutations(let bands): .permutations(bands.reindexed(by: positions))
    }
  }
}

extension Symmetry {
  fileprivate func reindexed(by positions: [Int: Int]) -> Symmetry {
    func position(_ index: Int) -> Int {
      guard let position = positions[index] else { preconditionFailure("\(name) lost its position \(index)") }
      return position
    }
    return Symmetry(
      name: name, kind: kind, effect: effect,
      entries: entries.map { Entry(target: position($0.target), source: position($0.source), map: $0.map) },
      conditions: conditions.map {
        ParameterCondition(index: position($0.index), parameter: $0.parameter, bound: $0.bound)
      })
  }
}

extension BandGroup {
  fileprivate func reindexed(by positions: [Int: Int]) -> BandGroup {
    BandGroup(
      name: name, bandNames: bandNames, indices: indices.map { $0.compactMap { positions[$0] } },
      parameters: parameters)
  }
}
