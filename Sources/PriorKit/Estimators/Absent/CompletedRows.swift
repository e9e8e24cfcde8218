import NumericCore

/// Rows that lack columns, completed in expectation under an elliptical density.
///
/// With location m, scatter S and P = S^-1, what a row lacks (u) given what it has (o) has the mean
/// m_u - P_uu^-1 P_uo (x_o - m_o) and the scatter P_uu^-1; and det S_oo = det S det P_uu. One inverse serves all
/// patterns, and each costs the factorisation of what it lacks. The squared distance of x_o is that of the
/// completed row, which errors of the completion change in the second order only.
struct CompletedRows {
  /// Rows less the location [N, D], with conditional means where a column is absent.
  let deviations: Matrix
  /// (x_o - m_o)^T S_oo^-1 (x_o - m_o) [N].
  let squaredDistances: [Double]
  /// One per group: P_uu^-1.
  let conditionalScatters: [Matrix]
  /// One per group: log det S_oo.
  let logDeterminants: [Double]
  private let sample: PartialRows

  /// - Throws: `LinearAlgebraError` where the scatter of what is absent cannot be told from a singular one.
  init(_ sample: PartialRows, location: [Double], scatter cholesky: Cholesky) throws(LinearAlgebraError) {
    var deviations = sample.rows
    for group in sample.groups {
      let absent = Set(group.absent)
      for row in group.rows {
        for column in location.indices {
          deviations[row, column] = absent.contains(column) ? 0 : deviations[row, column] - location[column]
        }
      }
    }
    let precision = cholesky.inverse()
    let pulled = deviations.multiplied(by: precision)
    var (scatters, determinants): ([Matrix], [Double]) = ([], [])
    for group in sample.groups {
      let own = try Cholesky(precision.selecting(rows: group.absent, columns: group.absent))
      scatters.append(own.inverse())
      determinants.append(cholesky.logDeterminant + own.logDeterminant)
      guard !group.absent.isEmpty else { continue }
      let means = own.solve(pulled.selecting(rows: group.rows, columns: group.absent).transposed)
      for (index, row) in group.rows.enumerated() {
        for (place, column) in group.absent.enumerated() { deviations[row, column] = -means[place, index] }
      }
    }
    var whitened = deviations
    cholesky.forwardSubstituteRows(&whitened)
    let dimension = sample.dimension
    squaredDistances = (0..<sample.count).map { row in
      whitened.values[row * dimension..<(row + 1) * dimension].reduce(0) { $0 + $1 * $1 }
    }
    self.deviations = deviations
    conditionalScatters = scatters
    logDeterminants = determinants
    self.sample = sample
  }

  /// (nu + p) / (nu + q) of each row, with p the number of columns it has: how much it counts; 1 for a normal.
  func counts(degreesOfFreedom nu: Double) -> [Double] {
    var result = [Double](repeating: 1, count: sample.count)
    guard nu.isFinite else { return result }
    for group in sample.groups {
      let present = Double(sample.dimension - group.absent.count)
      for row in group.rows { result[row] = (nu + present) / (nu + squaredDistances[row]) }
    }
    return result
  }

  /// The weighted log density of what rows have, summed, in nats.
  func logLikelihood(degreesOfFreedom nu: Double) -> Double {
    var sum = 0.0
    for (group, logDeterminant) in zip(sample.groups, logDeterminants) {
      let present = sample.dimension - group.absent.count
      let atLocation =
        MultivariateStudentT.logNormaliser(dimension: present, degreesOfFreedom: nu) - 0.5 * logDeterminant
      for row in group.rows {
        let kernel = MultivariateStudentT.logKernel(
          squaredDistances[row], dimension: present, degreesOfFreedom: nu)
        sum += sample.weights[row] * (atLocation + kernel)
      }
    }
    return sum
  }
}
