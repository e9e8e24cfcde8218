/// Minimisation over a few variables without derivatives.
package enum NelderMead {
  /// The best vertex of a simplex that shrinks onto a minimum (Nelder and Mead 1965, doi:10.1093/comjnl/7.4.308,
  /// with the usual coefficients 1, 2, 1/2, 1/2).
  ///
  /// - Parameters:
  ///   - start: one vertex; the others are `step` from it along each axis.
  ///   - tolerance: the spread of the values at the vertices at which the search stops.
  package static func minimum(
    of function: ([Double]) -> Double, from start: [Double], step: Double, tolerance: Double = 1e-9,
    maximumEvaluations: Int = 2000
  ) -> [Double] {
    var vertices = [start]
    for axis in start.indices {
      var vertex = start
      vertex[axis] += step
      vertices.append(vertex)
    }
    var simplex = vertices.map { (point: $0, value: function($0)) }
    var evaluations = simplex.count
    let worst = start.count
    func point(_ centre: [Double], _ vertex: [Double], _ factor: Double) -> [Double] {
      zip(centre, vertex).map { $0 + factor * ($1 - $0) }
    }
    while evaluations < maximumEvaluations {
      simplex.sort { $0.value < $1.value }
      if simplex[worst].value - simplex[0].value <= tolerance { break }
      let centre = start.indices.map { axis in
        simplex.prefix(worst).reduce(0) { $0 + $1.point[axis] } / Double(worst)
      }
      func trial(_ factor: Double) -> (point: [Double], value: Double) {
        let candidate = point(centre, simplex[worst].point, factor)
        return (candidate, function(candidate))
      }
      let reflected = trial(-1)
      evaluations += 1
      if reflected.value < simplex[0].value {
        let expanded = trial(-2)
        evaluations += 1
        simplex[worst] = expanded.value < reflected.value ? expanded : reflected
      } else if reflected.value < simplex[worst - 1].value {
        simplex[worst] = reflected
      } else {
        let contracted = trial(reflected.value < simplex[worst].value ? -0.5 : 0.5)
        evaluations += 1
        if contracted.value < min(reflected.value, simplex[worst].value) {
          simplex[worst] = contracted
        } else {
          for index in 1...worst {
            let shrunk = point(simplex[0].point, simplex[index].point, 0.5)
            simplex[index] = (shrunk, function(shrunk))
          }
          evaluations += worst
        }
      }
    }
    return simplex.min { $0.value < $1.value }?.point ?? start
  }
}
