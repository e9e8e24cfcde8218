import Foundation
import NumericCore

/// An elliptical density with the slots of bands as its last coordinates, factorised so that its distance adds up
/// slot by slot: |L^-1 (x - m)|^2, L the lower Cholesky factor in this order.
///
/// What the first slots add is there before the others are filled, and only grows: a search may stop there.
package struct OrderedTerm: Sendable {
  package let layout: BandLayout
  /// Slots in the order in which a search fills them: the narrowest first, which rule out most bands.
  let sequence: [Int]
  /// The first coordinate of each slot of the sequence in the order of the factor.
  let starts: [Int]
  /// L, row by row [D, D].
  let factor: Matrix
  /// The rows and columns of L^-1 that belong to slots.
  let slotInverse: Matrix
  /// The inverse Cholesky factor of each slot's covariance given the coordinates outside the slots.
  private let ownInverses: [Matrix]
  /// m in that order.
  let location: [Double]
  /// The log density at the location, with the weight of the term.
  let logConstant: Double
  let degreesOfFreedom: Double

  /// - Throws: `LinearAlgebraError` for a scatter that is not positive definite.
  package init(_ term: EllipticalTerm, layout: BandLayout) throws {
    self.layout = layout
    // In units of the spread over all slots of the group.
    let widths = layout.slots.map { slot in
      slot.positions.indices.reduce(0) { sum, field in
        let all = layout.slots.filter { $0.group == slot.group }.map { $0.positions[field] }
        let mean = all.reduce(0) { $0 + term.location[$1] } / Double(all.count)
        let spread = all.reduce(0) { sum, position in
          let distance = term.location[position] - mean
          return sum + distance * distance + term.scatter[position, position]
        }
        return sum + log(term.scatter[slot.positions[field], slot.positions[field]] / spread)
      }
    }
    sequence = layout.slots.indices.sorted { (widths[$0], $0) < (widths[$1], $1) }
    var positions = layout.rest
    var starts: [Int] = []
    for slot in sequence {
      starts.append(positions.count)
      positions += layout.slots[slot].positions
    }
    self.starts = starts
    let cholesky = try Cholesky(term.scatter.selecting(positions))
    factor = cholesky.factor
    let slotRows = Array((starts.first ?? positions.count)..<positions.count)
    // The last rows of the inverse of a triangle are the inverse of its last rows.
    slotInverse = cholesky.forwardSubstituted(.identity(positions.count)).selecting(
      rows: slotRows, columns: slotRows)
    ownInverses = try zip(sequence, starts).map { slot, start in
      let rows = layout.slots[slot].positions.indices.map { start + $0 }
      let own = cholesky.factor.selecting(rows: rows, columns: slotRows)
      return try Cholesky(own.multiplied(by: own.transposed)).forwardSubstituted(.identity(rows.count))
    }
    location = positions.map { term.location[$0] }
    degreesOfFreedom = term.degreesOfFreedom
    logConstant =
      term.logWeight - 0.5 * cholesky.logDeterminant
      + MultivariateStudentT.logNormaliser(dimension: positions.count, degreesOfFreedom: term.degreesOfFreedom)
  }

  /// The squared distance of a band in a slot, given the coordinates outside the slots alone.
  ///
  /// - Parameters:
  ///   - place: of the slot in ``sequence``.
  ///   - rest: ``whitenedRest(of:)``.
  func ownDistance(_ place: Int, _ values: BandValues, slot: Int, band: Int, rest: [Double]) -> Double {
    let inverse = ownInverses[place]
    let start = (slot * values.bandCount + band) * values.width
    var shifted = [Double](repeating: 0, count: inverse.rows)
    var sum = 0.0
    for field in shifted.indices {
      let row = starts[place] + field
      var mean = location[row]
      for column in rest.indices { mean += factor[row, column] * rest[column] }
      shifted[field] = values.logits[start + field] - mean
      var value = 0.0
      for other in 0...field { value += inverse[field, other] * shifted[other] }
      sum += value * value
    }
    return sum
  }

  /// The log density at a squared distance, less that at the location.
  func radial(_ squaredDistance: Double) -> Double {
    guard degreesOfFreedom < .infinity else { return -0.5 * squaredDistance }
    return -0.5 * (degreesOfFreedom + Double(location.count)) * log1p(squaredDistance / degreesOfFreedom)
  }

  /// The power to which the normal density of the same scatter falls off as this one does, at a point of a log
  /// density (log |det| left out): (nu + D) / (nu + squared distance).
  func normalPower(atLogDensity value: Double) -> Double {
    guard degreesOfFreedom < .infinity else { return 1 }
    // exp of the radial part is (1 + q / nu)^(-(nu + D) / 2).
    let exponent = degreesOfFreedom + Double(location.count)
    return exponent / degreesOfFreedom * exp(2 * (value - logConstant) / exponent)
  }

  /// Whether no slot depends on another, given the other coordinates.
  var hasIndependentSlots: Bool {
    starts.indices.dropFirst().allSatisfy { place in
      let end = place + 1 < starts.count ? starts[place + 1] : factor.rows
      return (starts[place]..<end).allSatisfy { row in
        (starts[0]..<starts[place]).allSatisfy { factor[row, $0] == 0 }
      }
    }
  }

  /// L_RR^-1 (x_R - m_R) of the coordinates outside the slots.
  func whitenedRest(of point: [Double]) -> [Double] {
    var result = zip(layout.rest, location).map { point[$0] - $1 }
    for row in result.indices {
      for column in 0..<row { result[row] -= factor[row, column] * result[column] }
      result[row] /= factor[row, row]
    }
    return result
  }
}

extension Matrix {
  /// The rows and columns at some positions, in their order.
  fileprivate func selecting(_ positions: [Int]) -> Matrix {
    Matrix(
      rows: positions.count, columns: positions.count,
      values: positions.flatMap { row in positions.map { self[row, $0] } })
  }
}
