/// Why a statistic cannot be computed from the data given.
public struct StatisticsError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String

  package init(_ description: String) { self.description = description }

  package static func tooFew(_ what: String, found: Int, needed: Int) -> StatisticsError {
    StatisticsError("\(what) needs at least \(needed) values but has \(found): give more presets.")
  }

  static func notFinite(_ what: String, index: Int, value: Double) -> StatisticsError {
    StatisticsError("Value \(index) of \(what) is \(value): drop that row or repair its source.")
  }
}

/// Throws unless there are enough values and all are finite.
func requireSample(_ values: [Double], _ what: String, atLeast needed: Int) throws(StatisticsError) {
  guard values.count >= needed else { throw .tooFew(what, found: values.count, needed: needed) }
  if let index = values.firstIndex(where: { !$0.isFinite }) {
    throw .notFinite(what, index: index, value: values[index])
  }
}
