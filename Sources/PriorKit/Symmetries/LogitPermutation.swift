import FXParams
import NumericCore
import PresetStore

/// A symmetry at one preset: each new logit is made of one old one, with a derivative.
///
/// Follows what happens to the errors of a preset while the preset takes another form.
struct LogitPermutation {
  /// The preset as it is now.
  private(set) var theta: [Double]
  /// Which original logit each is made of.
  private(set) var sources: [Int]
  /// d new / d original.
  private(set) var derivatives: [Double]

  init(at theta: [Double]) {
    self.theta = theta
    sources = Array(theta.indices)
    derivatives = Array(repeating: 1, count: theta.count)
  }

  /// Does nothing outside the domain of the symmetry.
  mutating func apply(_ symmetry: Symmetry) {
    let old = self
    guard let image = symmetry.image(of: theta) else { return }
    theta = image.theta
    for entry in symmetry.entries {
      sources[entry.target] = old.sources[entry.source]
      derivatives[entry.target] =
        old.derivatives[entry.source] * (entry.map.image(of: old.theta[entry.source])?.derivative ?? 1)
    }
  }

  /// Puts a value in the place of a logit, whose derivative with respect to it is given.
  mutating func replace(_ index: Int, by value: Double, derivative: Double) {
    theta[index] = value
    derivatives[index] *= derivative
  }

  /// Information of the original as that of the preset now.
  func carried(_ information: Matrix) -> Matrix {
    var result = information
    for row in sources.indices {
      for column in sources.indices {
        result[row, column] =
          information[sources[row], sources[column]] / (derivatives[row] * derivatives[column])
      }
    }
    return result
  }

  /// Standard errors of the original as those of the preset now.
  func carried(errors: [Double]) -> [Double] {
    zip(sources, derivatives).map { errors[$0] * $1.magnitude }
  }
}

extension PresetInformation {
  /// The information of presets that were moved: `map` says how, by row.
  func carried(rows: [Int], by map: (Int) -> LogitPermutation) -> PresetInformation {
    var (moved, errors): ([Matrix], [Double]) = ([], [])
    for (place, row) in rows.enumerated() {
      let permutation = map(place)
      moved.append(permutation.carried(matrices[row]))
      errors += permutation.carried(errors: standardErrors.row(row))
    }
    return PresetInformation(
      matrices: moved,
      standardErrors: Matrix(rows: rows.count, columns: standardErrors.columns, values: errors), widths: widths)
  }
}
