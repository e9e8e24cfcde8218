import NumericCore

extension WhiteCoordinates {
  /// Orthonormal directions in z that span all that moves the parameters at `positions`: along every direction
  /// orthogonal to them these parameters stay where they are.
  ///
  /// Of one parameter it is its row of L, scaled: the direction in which the others follow it by their regression
  /// on it. Pinned parameters have none.
  public func directions(moving positions: [Int]) -> [[Double]] {
    var basis: [[Double]] = []
    for position in positions {
      guard let index = freePositions.firstIndex(of: position) else { continue }
      let row = cholesky.factor.row(index)
      var direction = row
      for known in basis { direction.removeComponent(along: known) }
      let length = dot(direction, direction).squareRoot()
      // Parameters that are a function of each other share their direction.
      guard length > 1e-9 * dot(row, row).squareRoot() else { continue }
      basis.append(direction.map { $0 / length })
    }
    return basis
  }
}

extension [Double] {
  /// Projects out one direction of unit length.
  mutating func removeComponent(along direction: [Double]) {
    let share = dot(self, direction)
    for index in indices { self[index] -= share * direction[index] }
  }

  /// The vector moved along a direction.
  func moved(by distance: Double, along direction: [Double]) -> [Double] {
    zip(self, direction).map { $0 + distance * $1 }
  }
}
