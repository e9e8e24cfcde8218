import Foundation

/// Optional effects and which of them go together: a tree of pairs, with a table for each (Chow & Liu 1968,
/// doi:10.1109/TIT.1968.1054142).
///
/// An edge is kept where it tells more than its number costs, n I > log(n) / 2; effects without one are
/// independent. Tables have half a preset more in each cell than was counted, so that nothing is impossible.
struct PresenceTree {
  /// For each effect: the one that it depends on, and its log probabilities [own state][state of that].
  private struct Node {
    let parent: Int?
    let logProbabilities: [[Double]]
  }

  private let nodes: [Node]

  /// - Parameters:
  ///   - rows: which effects each preset has.
  ///   - weights: of the presets; their sum is the number that they count for.
  init(_ rows: [[Bool]], weights: [Double]) {
    let count = rows.first?.count ?? 0
    let total = weights.reduce(0, +)
    /// Counts of the states of two effects [first][second].
    func table(_ first: Int, _ second: Int) -> [[Double]] {
      var table = [[0.0, 0.0], [0.0, 0.0]]
      for (row, weight) in zip(rows, weights) { table[row[first] ? 1 : 0][row[second] ? 1 : 0] += weight }
      return table
    }
    var edges: [(first: Int, second: Int, information: Double)] = []
    for first in 0..<count {
      for second in first + 1..<max(count, first + 1) {
        let information = Self.information(table(first, second), total)
        if total * information > 0.5 * log(max(total, 2)) { edges.append((first, second, information)) }
      }
    }
    // Kruskal: the strongest edges that close no circle.
    var group = Array(0..<count)
    var neighbours = [[Int]](repeating: [], count: count)
    for edge in edges.sorted(by: { $0.information > $1.information }) where group[edge.first] != group[edge.second]
    {
      let (old, new) = (group[edge.second], group[edge.first])
      for index in group.indices where group[index] == old { group[index] = new }
      neighbours[edge.first].append(edge.second)
      neighbours[edge.second].append(edge.first)
    }
    var parents = [Int?](repeating: nil, count: count)
    var isPlaced = [Bool](repeating: false, count: count)
    for root in 0..<count where !isPlaced[root] {
      var queue = [root]
      isPlaced[root] = true
      while let effect = queue.popLast() {
        for next in neighbours[effect] where !isPlaced[next] {
          isPlaced[next] = true
          parents[next] = effect
          queue.append(next)
        }
      }
    }
    nodes = (0..<count).map { effect in
      guard let parent = parents[effect] else {
        let own = table(effect, effect)
        let logs = [own[0][0], own[1][1]].map { log(($0 + 0.5) / (total + 1)) }
        return Node(parent: nil, logProbabilities: logs.map { [$0, $0] })
      }
      let counts = table(effect, parent)
      let totals: [Double] = [counts[0][0] + counts[1][0] + 1, counts[0][1] + counts[1][1] + 1]
      let logs = counts.map { own in zip(own, totals).map { log(($0 + 0.5) / $1) } }
      return Node(parent: parent, logProbabilities: logs)
    }
  }

  /// The log probability that exactly these effects are there.
  func logProbability(of present: [Bool]) -> Double {
    var sum = 0.0
    for (node, own) in zip(nodes, present) {
      let parentState = node.parent.map { present[$0] ? 1 : 0 } ?? 0
      sum += node.logProbabilities[own ? 1 : 0][parentState]
    }
    return sum
  }

  /// Mutual information in nats.
  private static func information(_ table: [[Double]], _ total: Double) -> Double {
    let first: [Double] = table.map { $0[0] + $0[1] }
    let second: [Double] = [table[0][0] + table[1][0], table[0][1] + table[1][1]]
    var sum = 0.0
    for own in 0..<2 {
      for other in 0..<2 where table[own][other] > 0 {
        let (count, expected) = (table[own][other], first[own] * second[other] / total)
        sum += count / total * log(count / expected)
      }
    }
    return sum
  }
}
