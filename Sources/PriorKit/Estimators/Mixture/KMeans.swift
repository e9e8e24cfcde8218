import NumericCore

/// A partition of weighted presets about centres, on columns of unit variance: where EM starts.
struct KMeans {
  private let rows: Matrix
  private let weights: [Double]

  private static let iterations = 30

  init(sample: WeightedRows, variances: [Double]) {
    var rows = sample.rows
    for row in 0..<rows.rows {
      for column in 0..<rows.columns { rows[row, column] /= variances[column].squareRoot() }
    }
    self.rows = rows
    weights = sample.weights
  }

  /// Memberships [N, count], each row with one 1, by Lloyd's iterations from k-means++ centres.
  func partition(into count: Int, source: inout RandomSource) -> Matrix {
    var centres = initialCentres(count, source: &source)
    var members = nearest(centres)
    for _ in 0..<Self.iterations {
      for index in centres.indices {
        let own = members.indices.filter { members[$0] == index }
        let total = own.reduce(0) { $0 + weights[$1] }
        // A centre without presets stays where it is.
        guard total > 0 else { continue }
        var mean = [Double](repeating: 0, count: rows.columns)
        for row in own {
          for column in mean.indices { mean[column] += weights[row] / total * rows[row, column] }
        }
        centres[index] = mean
      }
      let next = nearest(centres)
      if next == members { break }
      members = next
    }
    var memberships = Matrix(rows: rows.rows, columns: count)
    for (row, member) in members.enumerated() { memberships[row, member] = 1 }
    return memberships
  }

  /// Presets drawn with probability proportional to weight and squared distance from the centres so far (Arthur and
  /// Vassilvitskii 2007, "k-means++: the advantages of careful seeding").
  private func initialCentres(_ count: Int, source: inout RandomSource) -> [[Double]] {
    var chances = weights
    var distances = [Double](repeating: .infinity, count: rows.rows)
    var centres: [[Double]] = []
    for _ in 0..<count {
      let centre = rows.row(draw(chances, source: &source))
      centres.append(centre)
      for row in 0..<rows.rows {
        distances[row] = min(distances[row], squaredDistance(row, centre))
        chances[row] = weights[row] * distances[row]
      }
    }
    return centres
  }

  private func draw(_ chances: [Double], source: inout RandomSource) -> Int {
    let total = chances.reduce(0, +)
    // Fewer distinct presets than centres: any preset will do.
    let chances = total > 0 ? chances : weights
    var remaining = source.nextUniform() * chances.reduce(0, +)
    for (row, chance) in chances.enumerated() {
      remaining -= chance
      if remaining < 0 { return row }
    }
    return chances.count - 1
  }

  private func nearest(_ centres: [[Double]]) -> [Int] {
    (0..<rows.rows).map { row in
      let distances = centres.map { squaredDistance(row, $0) }
      return distances.indices.min { distances[$0] < distances[$1] } ?? 0
    }
  }

  private func squaredDistance(_ row: Int, _ centre: [Double]) -> Double {
    var sum = 0.0
    for column in 0..<rows.columns {
      let difference = rows[row, column] - centre[column]
      sum += difference * difference
    }
    return sum
  }
}
