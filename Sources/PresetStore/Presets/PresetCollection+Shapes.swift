public import FXParams
import NumericCore

// Presets of varying shape: those of a chain with optional effects or further orders.

extension PresetCollection {
  /// The pattern of a preset.
  public func pattern(of index: Int) -> ChainPattern { patterns?[index] ?? chain.completePattern }

  /// Whether a preset lacks the parameters of an effect; orders alone take none away.
  public var lacksEffects: Bool {
    guard let patterns else { return false }
    return Set(patterns).contains { !chain.absentPositions($0).isEmpty }
  }

  /// The rows of each pattern, the most frequent pattern first; of equally frequent ones, the first seen.
  public var rowsByPattern: [(pattern: ChainPattern, rows: [Int])] {
    guard let patterns else { return [(chain.completePattern, Array(0..<count))] }
    var order: [ChainPattern] = []
    var rows: [ChainPattern: [Int]] = [:]
    for (row, pattern) in patterns.enumerated() {
      if rows[pattern] == nil { order.append(pattern) }
      rows[pattern, default: []].append(row)
    }
    // Sorting keeps the order of equals.
    return order.map { ($0, rows[$0] ?? []) }.sorted { $0.1.count > $1.1.count }
  }

  /// The presets of one pattern, as presets of the chain that it leaves: effects that are absent are no part of it.
  ///
  /// Labels, groups, weights and features go with them, and what retrievals say where no parameter is absent or
  /// moved.
  /// - Throws: ``DataError`` where no preset has the pattern; `path` is what it names.
  public func ofPattern(_ pattern: ChainPattern, path: String) throws -> PresetCollection {
    let rows = (0..<count).filter { self.pattern(of: $0) == pattern }
    guard !rows.isEmpty else {
      throw DataError(
        .empty, path, "No preset in \(path) has the pattern \(chain.words(for: pattern)): choose another.")
    }
    let variant = chain.variant(pattern)
    var result = keeping(rows: rows)
    result.patterns = nil
    result.chain = variant.chain
    guard variant.positions != Array(0..<dimension) else { return result }
    result.theta = theta.selecting(rows: rows, columns: variant.positions)
    // What retrievals say is of the whole chain.
    (result.retrieval, result.information) = (nil, nil)
    return result
  }

  /// Some rows, with features and all else that is known of them.
  package func keeping(rows: [Int]) -> PresetCollection {
    var result = selecting(rows: rows)
    result.features = features?.selecting(rows: rows)
    (result.featureNames, result.featureRecord) = (featureNames, featureRecord)
    (result.canonicalisation, result.adjustments) = (canonicalisation, adjustments)
    if let patterns = result.patterns { result.setPatterns(patterns) }
    return result
  }

  /// One preset as it sounds: the chain of its effects, and the logits of that chain. Absent effects are no part of
  /// either.
  public func present(inRow row: Int) -> (chain: ChainDescription, logits: [Double]) {
    guard let patterns else { return (chain, theta.row(row)) }
    let variant = chain.variant(patterns[row])
    let logits = theta.row(row)
    return (variant.chain, variant.positions.map { logits[$0] })
  }

  /// Takes patterns as read from a file or a table: in canonical form, and not at all where all are complete.
  package mutating func setPatterns(_ found: [ChainPattern]) {
    let canonical = found.map(chain.canonical)
    patterns = canonical.allSatisfy { $0 == chain.completePattern } ? nil : canonical
  }
}
