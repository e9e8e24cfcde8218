import Distributions
import NumericCore

/// Normal deviates carried to the scale of a Student-t.
struct ScaledDeviates {
  let sample: WeightedRows
  let scale: StudentTScale
  /// The sum of the weighted logarithms of the map's slopes, which makes likelihoods on different scales compare.
  let logSlopes: Double

  var degreesOfFreedom: Double { scale.distribution.degreesOfFreedom }

  init(_ deviates: WeightedRows, degreesOfFreedom: Double) {
    let scale = StudentTScale(degreesOfFreedom: degreesOfFreedom)
    var rows = deviates.rows
    var logSlopes = 0.0
    for row in 0..<rows.rows {
      var sum = 0.0
      for column in 0..<rows.columns {
        let map = scale.value(ofNormalDeviate: rows[row, column])
        rows[row, column] = map.value
        sum += map.logSlope
      }
      logSlopes += deviates.weights[row] * sum
    }
    sample = deviates.replacingRows(rows)
    self.scale = scale
    self.logSlopes = logSlopes
  }
}
