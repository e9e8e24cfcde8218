/// One column of weighted data in ascending order, with robust measures of where it lies.
struct ColumnSample {
  let values: [Double]
  let weights: [Double]
  let totalWeight: Double

  /// - Parameter weights: positive.
  init(values: [Double], weights: [Double]) {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    self.values = order.map { values[$0] }
    self.weights = order.map { weights[$0] }
    totalWeight = weights.reduce(0, +)
  }

  /// Kish's effective number of values, (sum w)^2 / sum w^2.
  var effectiveCount: Double { totalWeight * totalWeight / weights.reduce(0) { $0 + $1 * $1 } }

  /// The smallest value with at least that share of the weight at or below it.
  func quantile(_ share: Double) -> Double {
    var sum = 0.0
    for (value, weight) in zip(values, weights) {
      sum += weight
      if sum >= share * totalWeight { return value }
    }
    return values[values.count - 1]
  }

  /// The weighted mean and standard deviation (division by the total weight).
  var moments: (mean: Double, deviation: Double) {
    let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / totalWeight
    let variance = zip(values, weights).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) } / totalWeight
    return (mean, variance.squareRoot())
  }

  /// 1.4826 times the median distance from the median: the standard deviation of a normal.
  var robustDeviation: Double {
    let centre = quantile(0.5)
    let distances = ColumnSample(values: values.map { ($0 - centre).magnitude }, weights: weights)
    return 1.4826 * distances.quantile(0.5)
  }

  /// The values of a range of distances from the median.
  func filter(within reach: Double, of centre: Double) -> ColumnSample? {
    let kept = values.indices.filter { (values[$0] - centre).magnitude <= reach }
    guard !kept.isEmpty else { return nil }
    return ColumnSample(values: kept.map { values[$0] }, weights: kept.map { weights[$0] })
  }
}
