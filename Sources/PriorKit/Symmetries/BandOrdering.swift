import FXParams
import Foundation

/// Chooses the order of the bands of a group, among those that the ranges allow, from their settings alone: every
/// copy of a preset gives the same settings in the same places.
struct BandOrdering {
  let bands: BandGroup
  private let orders: [[Int]]

  init(_ bands: BandGroup) throws(SymmetryError) {
    self.bands = bands
    orders = try bands.orders()
  }

  /// Frequencies nearer than this, relatively, are a tie, which gain and Q decide: settings come back from another
  /// band with rounding.
  private static let tie = 1e-9

  /// Ascending frequencies where the ranges allow it, else the lexicographically lowest sequence; ties by gain,
  /// then Q.
  func byFrequency(_ theta: [Double]) -> [Int] {
    let settings = settings(of: theta)
    return feasible(theta).min { first, second in
      for (left, right) in zip(first, second) {
        for (a, b) in zip(settings[left], settings[right])
        where (a - b).magnitude > Self.tie * max(a.magnitude, b.magnitude) {
          return a < b
        }
      }
      return false
    } ?? Array(0..<bands.count)
  }

  /// The assignment of least cost to the settings of a reference: the sum of squared differences in octaves of
  /// frequency, units of 6 dB of gain, and octaves of Q. All orders are tried, which is exact.
  func assigned(_ theta: [Double], to reference: [Double]) -> [Int] {
    let own = costScale(settings(of: theta))
    let target = costScale(settings(of: reference))
    func squaredDifference(_ slot: [Double], _ band: [Double]) -> Double {
      zip(slot, band).reduce(0) { sum, pair in
        let difference = pair.0 - pair.1
        return sum + difference * difference
      }
    }
    let cost = target.map { slot in own.map { band in squaredDifference(slot, band) } }
    // Frequency order decides between assignments of equal cost, so that copies agree.
    let start = byFrequency(theta)
    func total(_ order: [Int]) -> Double { order.enumerated().reduce(0) { $0 + cost[$1.offset][$1.element] } }
    return feasible(theta).reduce(start) { best, order in
      total(order) < total(best) * (1 - 1e-12) - 1e-12 ? order : best
    }
  }

  /// The orders whose settings all lie within the ranges of their places.
  func feasible(_ theta: [Double]) -> [[Int]] {
    let accepts = (0..<bands.count).map { slot in (0..<bands.count).map { bands.slot(slot, accepts: $0, of: theta) }
    }
    return orders.filter { order in order.enumerated().allSatisfy { accepts[$0.offset][$0.element] } }
  }

  /// The settings of each band as physical values, frequency first.
  private func settings(of theta: [Double]) -> [[Double]] {
    zip(bands.indices, bands.parameters).map { indices, parameters in
      let values = zip(indices, parameters).map { $1.bijector.forward(theta[$0]) }
      let frequency = parameters.firstIndex { $0.unit == .hertz } ?? 0
      return [values[frequency]] + values.indices.filter { $0 != frequency }.map { values[$0] }
    }
  }

  /// Settings in the units of the cost; the parameters of all bands of a group are alike.
  private func costScale(_ settings: [[Double]]) -> [[Double]] {
    let parameters = bands.parameters[0]
    let frequency = parameters.firstIndex { $0.unit == .hertz } ?? 0
    let units =
      [parameters[frequency].unit] + parameters.indices.filter { $0 != frequency }.map { parameters[$0].unit }
    return settings.map { band in zip(band, units).map { $1 == .decibel ? $0 / 6 : log2($0) } }
  }
}
