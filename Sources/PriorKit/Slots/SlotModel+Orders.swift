import Distributions
import FXParams
import Foundation
import NumericCore

extension SlotModel.Part {
  /// An order with how well it suits.
  struct Found: Sendable {
    /// One for each group of the part.
    let orders: [[Int]]
    /// The logits of the equaliser in that order.
    let point: [Double]
    /// For each slot, whether its band has no gain.
    let isEmpty: [Bool]
    /// The log density of what is there, with the probabilities of empty slots.
    let value: Double
  }

  /// Steps of the exact search, after which the best order by exchanges of two bands is taken.
  private static let mostSteps = 100_000

  /// The order of a preset's bands that suits the slots best.
  ///
  /// - Parameters:
  ///   - theta: the logits of a preset.
  ///   - start: an order of each group that depends on the settings alone; it decides ties.
  ///   - isCoupled: whether slots know of one another.
  func order(of theta: [Double], start: [[Int]], isCoupled: Bool = true) -> Found {
    var point = positions.map { theta[$0] }
    let given = layout.values(at: point)
    _ = layout.apply(start.joined(), given, to: &point)
    var values = layout.values(at: point)
    let isInactive = inactiveBands(point)
    let hasInactive = isInactive.contains(true)
    var best = (order: layout.identity, value: -Double.infinity)
    if hasInactive || !isCoupled { best = assigned(isInactive, values) }
    if isCoupled {
      var term = term
      if hasInactive {
        let isEmpty = self.isEmpty(best.order, isInactive)
        values = values.separating(isInactive: isInactive, isEmpty: isEmpty)
        term = (try? OrderedTerm(marginal(without: isEmpty), layout: layout)) ?? term
      }
      let search = OrderSearch(term, values: values, point: point)
      switch search.best(steps: Self.mostSteps) {
      case .best(let order, let value): best = (order, value)
      case .none: break
      case .unfinished:
        best = search.improved(search.goodOrder(steps: Self.mostSteps)?.order ?? best.order)
      }
    }
    var image = point
    _ = layout.apply(best.order, layout.values(at: point), to: &image)
    let isEmpty = self.isEmpty(best.order, isInactive)
    if isCoupled, hasInactive { best.value = presentValue(best.order, isEmpty, values, image) }
    let orders = start.enumerated().map { group, order in
      let first = layout.firstSlot(ofGroup: group)
      return order.indices.map { order[best.order[first + $0]] }
    }
    let shares = zip(isEmpty, emptyShares).reduce(0) { $0 + log($1.0 ? $1.1 : 1 - $1.1) }
    return Found(orders: orders, point: image, isEmpty: isEmpty, value: best.value + shares)
  }

  /// The log density of what stands in slots that are not empty; the others say nothing.
  private func presentValue(_ order: [Int], _ isEmpty: [Bool], _ values: BandValues, _ image: [Double]) -> Double {
    let absent = Set(isEmpty.indices.filter { isEmpty[$0] }.flatMap { layout.positions(ofSlot: $0) })
    let present = image.indices.filter { !absent.contains($0) }
    let own = present.isEmpty ? nil : try? density.marginal(over: present)
    var changes = 0.0
    for (slot, band) in order.enumerated() where !isEmpty[slot] {
      changes += values.logDeterminant(slot: slot, band: band)
    }
    return changes + (own?.logDensity(at: present.map { image[$0] }) ?? 0)
  }

  /// For each slot, whether the band in it has no gain.
  func inactiveBands(_ point: [Double]) -> [Bool] {
    gains.map { $0.map { abs(point[$0]) < NearInvarianceCriterion.inactiveGainDB } ?? false }
  }

  private func isEmpty(_ order: [Int], _ isInactive: [Bool]) -> [Bool] {
    order.enumerated().map { slot, band in isInactive[layout.firstSlot(ofGroupAt: slot) + band] }
  }

  /// The best order if slots do not know of one another, by the exact assignment of bands to slots: bands without
  /// gain cost what their slot's being empty costs, whatever their other settings.
  private func assigned(_ isInactive: [Bool], _ values: BandValues) -> (order: [Int], value: Double) {
    var result = layout.identity
    var total = 0.0
    for group in layout.groups.indices {
      let first = layout.firstSlot(ofGroup: group)
      let count = layout.groups[group].count
      var costs = Matrix(rows: count, columns: count, repeating: .infinity)
      for slot in 0..<count {
        let share = emptyShares[first + slot]
        for band in 0..<count {
          guard let logits = values.logits(slot: first + slot, band: band) else { continue }
          costs[slot, band] =
            isInactive[first + band]
            ? -log(share) : -log(1 - share) - marginals[first + slot].logDensity(at: logits)
        }
      }
      let columns = LinearAssignment.columns(ofLeast: costs) ?? Array(0..<count)
      for (slot, band) in columns.enumerated() {
        result[first + slot] = band
        total -= costs[slot, band]
      }
    }
    return (result, total)
  }

  /// The density of the other slots: those that are empty depend on nothing.
  ///
  /// It is normal for every family: the order of bands of one range that is best under a scatter is that of least
  /// distance, whatever the tails, and only a normal is a product of what is there and what is not.
  private func marginal(without isEmpty: [Bool]) -> EllipticalTerm {
    var scatter = density.scatter
    for (slot, isEmpty) in isEmpty.enumerated() where isEmpty {
      let own = layout.positions(ofSlot: slot)
      for position in own {
        for other in 0..<scatter.columns where !own.contains(other) {
          scatter[position, other] = 0
          scatter[other, position] = 0
        }
      }
    }
    return EllipticalTerm(location: density.location, scatter: scatter)
  }
}
