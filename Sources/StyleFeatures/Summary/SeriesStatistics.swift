import Statistics

/// Statistics of a series of levels.
enum SeriesStatistics {
  /// Mean, standard deviation and skewness. A deviation below `floor` is too little to have a skewness, which is 0.
  static func moments(_ values: [Double], floor: Double) -> (mean: Double, deviation: Double, skewness: Double) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    var (second, third) = (0.0, 0.0)
    for value in values {
      let difference = value - mean
      second += difference * difference
      third += difference * difference * difference
    }
    let deviation = (second / count).squareRoot()
    return (mean, deviation, deviation < floor ? 0 : third / count / (deviation * deviation * deviation))
  }

  /// Percentiles, with linear interpolation between order statistics (NumPy's default).
  static func percentiles(_ values: [Double], at percents: [Double]) -> [Double] {
    let quantiles = SortedQuantiles(values)
    return percents.map { quantiles.value(at: $0 / 100) }
  }
}
