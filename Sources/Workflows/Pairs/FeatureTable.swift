import NumericCore

/// The rows of features that there are, and which of all rows they are.
struct FeatureTable {
  private(set) var rowIndices: [Int] = []
  let features: Matrix

  init(_ rows: [FeatureRows.Row], featureCount: Int) {
    var values: [Double] = []
    for (index, row) in rows.enumerated() {
      guard case .features(let own) = row else { continue }
      rowIndices.append(index)
      values += own
    }
    features = Matrix(rows: rowIndices.count, columns: featureCount, values: values)
  }
}
