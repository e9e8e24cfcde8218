import FXParams
import Foundation
import NumericCore

/// Chooses the order of the bands of a group, among those that the ranges allow, from their settings alone: every
/// copy of a preset gives the same settings in the same places.
struct BandOrdering: Sendable {
  let bands: BandGroup
  /// Whether every slot holds every band.
  private let isUniform: Bool

  init(_ bands: BandGroup) {
    self.bands = bands
    isUniform = bands.hasOneRange
  }

  /// Frequencies nearer than this, relatively, are a tie, which gain and Q decide: settings come back from another
  /// band with rounding.
  private static let tie = 1e-9

  /// Ascending frequencies where the ranges allow it, else the lexicographically lowest sequence; ties by gain,
  /// then Q.
  func byFrequency(_ theta: [Double]) -> [Int] {
    let settings = settings(of: theta)
    let sorted = (0..<bands.count).sorted { first, second in
      for (a, b) in zip(settings[first], settings[second])
      where (a - b).magnitude > Self.tie * max(a.magnitude, b.magnitude) {
        return a < b
      }
      return first < second
    }
    guard !isUniform else { return sorted }
    // Each slot takes the lowest band that leaves the others a place.
    let forbidden = forbidden(theta)
    var order: [Int] = []
    for slot in 0..<bands.count {
      let choice = sorted.first { band in
        guard !order.contains(band), forbidden[slot, band] == 0 else { return false }
        let free = sorted.filter { $0 != band && !order.contains($0) }
        return free.isEmpty
          || LinearAssignment.columns(
            ofLeast: Matrix(
              rows: free.count, columns: free.count,
              values: (slot + 1..<bands.count).flatMap { later in free.map { forbidden[later, $0] } })) != nil
      }
      guard let choice else { return Array(0..<bands.count) }
      order.append(choice)
    }
    return order
  }

  /// The assignment of least cost to the settings of a reference: the sum of squared differences in octaves of
  /// frequency, units of 6 dB of gain, and octaves of Q.
  func assigned(_ theta: [Double], to reference: [Double]) -> [Int] {
    let own = costScale(settings(of: theta))
    let target = costScale(settings(of: reference))
    // Frequency order decides between assignments of equal cost, so that copies agree.
    return assigned(theta) { slot, band in
      zip(target[slot], own[band]).reduce(0) { sum, pair in
        let difference = pair.0 - pair.1
        return sum + difference * difference
      }
    }
  }

  /// The assignment of least total cost among those that the ranges allow; that by frequency where none is lower.
  ///
  /// - Parameter cost: of a band in a slot.
  func assigned(_ theta: [Double], cost: (_ slot: Int, _ band: Int) -> Double) -> [Int] {
    let start = byFrequency(theta)
    let forbidden = forbidden(theta)
    var costs = Matrix(rows: bands.count, columns: bands.count)
    for slot in 0..<bands.count {
      for (rank, band) in start.enumerated() { costs[slot, rank] = cost(slot, band) + forbidden[slot, band] }
    }
    func total(_ ranks: [Int]) -> Double { ranks.enumerated().reduce(0) { $0 + costs[$1.offset, $1.element] } }
    guard let ranks = LinearAssignment.columns(ofLeast: costs) else { return start }
    let present = total(Array(0..<bands.count))
    return total(ranks) < present * (1 - 1e-12) - 1e-12 ? ranks.map { start[$0] } : start
  }

  /// [slot, band]: infinity where the ranges of the slot do not reach the band's settings, else 0.
  private func forbidden(_ theta: [Double]) -> Matrix {
    var result = Matrix(rows: bands.count, columns: bands.count)
    guard !isUniform else { return result }
    for slot in 0..<bands.count {
      for band in 0..<bands.count where !bands.slot(slot, accepts: band, of: theta) {
        result[slot, band] = .infinity
      }
    }
    return result
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
