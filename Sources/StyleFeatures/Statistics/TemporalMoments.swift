/// Mean, standard deviation, skewness and excess kurtosis of a series over time.
///
/// sigma^2 = mean (x - mu)^2, z = (x - mu)/max(sigma, 1e-8): the four numbers are mu, sigma, mean z^3 and
/// mean z^4 - 3. A constant series gives (mu, 0, 0, -3). Its standard deviation has no derivative; the pullback
/// takes the subgradient 0.
package struct TemporalMoments {
  /// Numbers that describe one series.
  package static let count = 4
  package static let deviationFloor = 1e-8

  package private(set) var mean = 0.0
  package private(set) var deviation = 0.0
  package private(set) var skewness = 0.0
  package private(set) var excessKurtosis = 0.0

  init() {}

  package init(of series: UnsafePointer<Double>, count: Int) {
    let number = Double(count)
    // Summing differences from the first value makes a constant series exactly constant: its deviation is 0, not
    // rounding.
    let origin = series[0]
    var sum = 0.0
    for index in 0..<count { sum += series[index] - origin }
    mean = origin + sum / number
    var squares = 0.0
    for index in 0..<count {
      let difference = series[index] - mean
      squares += difference * difference
    }
    deviation = (squares / number).squareRoot()
    let scale = 1 / max(deviation, Self.deviationFloor)
    var cubes = 0.0
    var fourths = 0.0
    for index in 0..<count {
      let z = (series[index] - mean) * scale
      cubes += z * z * z
      fourths += z * z * z * z
    }
    skewness = cubes / number
    excessKurtosis = fourths / number - 3
  }

  /// Writes dL/dx for the series these moments were computed from, given dL/d(moment) in the order of the moments.
  ///
  /// With h = dL/dz = (3 a z^2 + 4 b z^3)/n: dL/dx = c/n + (d - [sigma > floor] sum(h z)/sigma) (x - mu)/(n sigma)
  /// + (h - mean h)/max(sigma, floor), for cotangents c, d, a, b of mean, deviation, skewness and kurtosis.
  package func pullback(
    _ cotangent: UnsafePointer<Double>, series: UnsafePointer<Double>, count: Int,
    into result: UnsafeMutablePointer<Double>
  ) {
    let number = Double(count)
    let scale = 1 / max(deviation, Self.deviationFloor)
    let (cubic, quartic) = (3 * cotangent[2] / number, 4 * cotangent[3] / number)
    var sum = 0.0
    var projection = 0.0
    for index in 0..<count {
      let z = (series[index] - mean) * scale
      let slope = z * z * (cubic + quartic * z)
      sum += slope
      projection += slope * z
    }
    let deviationCotangent = cotangent[1] - (deviation > Self.deviationFloor ? projection * scale : 0)
    let linear = deviation > 0 ? deviationCotangent / (number * deviation) : 0
    let constant = (cotangent[0] - sum * scale) / number
    for index in 0..<count {
      let difference = series[index] - mean
      let z = difference * scale
      result[index] = constant + linear * difference + z * z * (cubic + quartic * z) * scale
    }
  }
}
