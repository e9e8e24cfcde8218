import Distributions
import FXParams
import NumericCore
public import PresetStore

extension EstimationData {
  /// The presets, with the blocks of their chain, what each lacks, and its pattern.
  ///
  /// - Throws: `DistributionError.dimensionMismatch(what:expected:found:)` if the presets do not have the chain's
  ///   parameters.
  public init(presets: PresetCollection) throws {
    let names = presets.chain.parameterSpace.names
    guard presets.dimension == names.count else {
      throw DistributionError.dimensionMismatch(what: "preset", expected: names.count, found: presets.dimension)
    }
    self.init(
      rows: presets.theta, weights: presets.weights.map { WeightUnit.scaled($0) }, names: names,
      blocks: presets.chain.parameterBlocks.map(\.indices))
    information = presets.information
    guard let patterns = presets.patterns else { return }
    self.patterns = PatternedRows(chain: presets.chain, patterns: patterns)
    let absent = Dictionary(
      presets.rowsByPattern.map { ($0.pattern, presets.chain.absentPositions($0.pattern)) },
      uniquingKeysWith: { first, _ in first })
    self.absent = Self.absent(patterns.map { absent[$0] ?? [] })
  }

  /// (sum of weights)^2 / sum of squared weights, the number of equally weighted rows with the same variance of
  /// their mean (Kish, "Survey sampling", 1965).
  public var effectiveCount: Double {
    guard var weights else { return Double(rows.rows) }
    if let origins { weights = Self.sums(of: weights, by: origins) }
    weights = WeightUnit.scaled(weights)
    let squares = weights.reduce(0) { $0 + $1 * $1 }
    let sum = weights.reduce(0, +)
    return squares > 0 ? sum * sum / squares : 0
  }

  /// Weights added up over the copies of each preset.
  static func sums(of weights: [Double], by origins: [Int]) -> [Double] {
    var sums: [Int: Double] = [:]
    for (origin, weight) in zip(origins, weights) { sums[origin, default: 0] += weight }
    return sums.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The rows that count: those of positive weight, whatever the others hold.
  ///
  /// - Parameter acceptingAbsent: whether rows may lack columns, which then need not be finite.
  /// - Throws: `DistributionError` unless there is a name for each column; ``PriorError`` unless blocks and weights
  ///   fit the rows, at least two rows count, every entry of these is finite, and none of them lacks a column.
  func checked(acceptingAbsent: Bool = false) throws -> EstimationData {
    guard names.count == rows.columns else {
      throw DistributionError.dimensionMismatch(what: "preset", expected: names.count, found: rows.columns)
    }
    var membership = [Int](repeating: 0, count: rows.columns)
    for column in blocks.joined() where membership.indices.contains(column) { membership[column] += 1 }
    if let column = membership.firstIndex(where: { $0 != 1 }) { throw PriorError.notAPartition(column: column) }
    if let weights {
      guard weights.count == rows.rows else {
        throw PriorError.weightCount(found: weights.count, expected: rows.rows)
      }
      if let row = weights.firstIndex(where: { !$0.isFinite || $0 < 0 }) {
        throw PriorError.badWeight(row: row, value: weights[row])
      }
      guard weights.contains(where: { $0 > 0 }) else { throw PriorError.noWeight }
    }
    if let information, information.matrices.count != rows.rows {
      throw PriorError.informationCount(found: information.matrices.count, expected: rows.rows)
    }
    try checkAbsent()
    let kept = (0..<rows.rows).filter { weights?[$0] != 0 }
    guard kept.count >= 2 else { throw PriorError.tooFewPresets(count: kept.count) }
    for row in kept {
      for column in 0..<rows.columns where !(abs(rows[row, column]) <= .largestSquared) {
        if let absent, absent[row].contains(column) { continue }
        let value = rows[row, column]
        throw value.isFinite
          ? PriorError.presetTooLarge(row: row, label: nil, parameter: names[column], value: value)
          : .presetNotFinite(row: row, label: nil, parameter: names[column], value: value)
      }
    }
    let result = kept.count < rows.rows ? selecting(rows: kept) : self
    if !acceptingAbsent, result.lacksColumns {
      throw PriorError.absentEffects(family: nil, known: EstimatorCatalogue.standard.namesAcceptingAbsentColumns)
    }
    return result
  }

  private func checkAbsent() throws {
    guard let absent else { return }
    guard absent.count == rows.rows else {
      throw DistributionError.dimensionMismatch(
        what: "list of absent columns", expected: rows.rows, found: absent.count)
    }
    for (row, columns) in absent.enumerated() {
      for (position, column) in columns.enumerated()
      where !(0..<rows.columns).contains(column) || (position > 0 && column <= columns[position - 1]) {
        throw PriorError.badAbsence(row: row, column: column, dimension: rows.columns)
      }
    }
  }

  /// - Throws: ``PriorError/constantParameter(parameter:variance:)`` if a column does not vary.
  func requireVariation() throws {
    // Exact, where a variance may be left with rounding.
    for column in 0..<rows.columns where (1..<rows.rows).allSatisfy({ rows[$0, column] == rows[0, column] }) {
      throw PriorError.constantParameter(parameter: names[column], variance: 0)
    }
  }
}

extension PriorError {
  /// Adds the label of the preset to an error that knows its row only.
  static func labelling<Result>(_ labels: [String]?, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch PriorError.presetNotFinite(let row, nil, let parameter, let value) {
      throw PriorError.presetNotFinite(row: row, label: labels?[row], parameter: parameter, value: value)
    } catch PriorError.presetTooLarge(let row, nil, let parameter, let value) {
      throw PriorError.presetTooLarge(row: row, label: labels?[row], parameter: parameter, value: value)
    }
  }
}
