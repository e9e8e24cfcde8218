/// A share of some work whose rows are computed on several machines: row r belongs to shard r modulo the number of
/// shards. What a row holds does not depend on that number.
public struct Shard: Sendable, Hashable {
  /// Which shard, from 1.
  public let index: Int
  /// How many there are.
  public let count: Int

  /// The whole work.
  public static let whole = Shard(uncheckedIndex: 1, count: 1)

  /// - Returns: nil unless 1 <= index <= count.
  public init?(index: Int, count: Int) {
    guard count >= 1, (1...count).contains(index) else { return nil }
    (self.index, self.count) = (index, count)
  }

  private init(uncheckedIndex index: Int, count: Int) { (self.index, self.count) = (index, count) }

  /// `2/4`: the second of four.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1] else { return nil }
    self.init(index: index, count: count)
  }

  /// As ``init(_:)`` reads it.
  public var text: String { "\(index)/\(count)" }

  /// Whether a row, from 0, is of this shard.
  public func contains(_ row: Int) -> Bool { row % count == index - 1 }

  /// The rows of this shard among `total`, in order.
  public func rows(of total: Int) -> [Int] { Array(stride(from: index - 1, to: total, by: count)) }
}
