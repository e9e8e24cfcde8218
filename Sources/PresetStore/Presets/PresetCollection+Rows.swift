import NumericCore

extension PresetCollection {
  /// The name of a preset; its number, from 1, where it has none.
  public func label(of index: Int) -> String { labels?[index] ?? "\(index + 1)" }

  /// The name of every preset.
  public var allLabels: [String] { (0..<count).map { label(of: $0) } }

  /// The rows named, with all that is known of them but features.
  public func selecting(rows: [Int]) -> PresetCollection {
    var result = PresetCollection(
      chain: chain, theta: theta.selecting(rows: rows), labels: labels.map { labels in rows.map { labels[$0] } },
      groups: groups.map { groups in rows.map { groups[$0] } },
      weights: weights.map { weights in rows.map { weights[$0] } })
    result.patterns = patterns.map { patterns in rows.map { patterns[$0] } }
    result.retrieval = retrieval?.selecting(rows: rows)
    result.information = information?.selecting(rows: rows)
    return result
  }
}
