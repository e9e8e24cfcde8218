import FXParams
import Foundation
import NumericCore

/// Presets as numbers that were read from text, each in the unit of its column, before they are logits.
struct PresetNumbers {
  /// Where the numbers of a parameter come from.
  struct Column {
    /// As errors call it.
    let name: String
    /// Nil for the parameter's own.
    let unit: ParameterUnit?
  }

  var chain: ChainDescription
  let columns: [Column]
  let scale: ValueScale
  /// As errors name it.
  let path: String
  /// Row-major; not a number where a preset lacks the effect, or has nothing to say and gets the neutral value.
  private(set) var numbers: [Double] = []
  /// One for each row.
  private(set) var patterns: [ChainPattern] = []
  /// One for each row, as errors begin: `Line 3 of x.csv`.
  private(set) var places: [String] = []

  init(chain: ChainDescription, columns: [Column], scale: ValueScale, path: String) {
    (self.chain, self.columns, self.scale, self.path) = (chain, columns, scale, path)
  }

  /// - Parameter pattern: which effects the row has; nil for all.
  mutating func append(_ row: [Double?], pattern: ChainPattern? = nil, place: String) {
    precondition(row.count == columns.count, "a row of \(row.count) numbers for \(columns.count) parameters")
    numbers += row.map { $0 ?? .nan }
    patterns.append(pattern ?? chain.completePattern)
    places.append(place)
  }

  /// Indices of the numbers of a parameter, without those that are neutral or absent.
  func indices(of position: Int) -> [Int] {
    stride(from: position, to: numbers.count, by: columns.count).filter { !numbers[$0].isNaN }
  }

  /// The value of a number in its parameter's own unit.
  func value(_ index: Int) -> Double {
    columns[index % columns.count].unit?.value(of: numbers[index]) ?? numbers[index]
  }

  /// Replaces a number by a value in the parameter's own unit.
  mutating func set(_ index: Int, to value: Double) {
    numbers[index] = columns[index % columns.count].unit?.number(of: value) ?? value
  }

  /// Replaces a number, in the unit of its column.
  mutating func setNumber(_ index: Int, to number: Double) { numbers[index] = number }

  /// The presets as logits.
  ///
  /// - Parameters:
  ///   - treatment: of values on bounds and of rounding; logits need none.
  ///   - remark: told, in a line each, what was done.
  /// - Throws: ``DataError`` naming the place, the parameter and the value at fault.
  func collection(
    _ treatment: ValueTreatment, labels: [String]?, groups: [String]?, remark: (String) -> Void
  ) throws -> PresetCollection {
    var numbers = self
    let adjustments = try numbers.treat(treatment)
    for text in adjustments { remark("\(path): \(text)") }
    let theta = try numbers.logits()
    var collection = PresetCollection(chain: numbers.chain, theta: theta, labels: labels, groups: groups)
    collection.setPatterns(patterns)
    collection.adjustments = adjustments.isEmpty ? nil : adjustments
    try collection.check(path: path)
    return collection
  }

  private func logits() throws -> Matrix {
    let descriptions = chain.parameterDescriptions
    let absent = Dictionary(
      Set(patterns).map { ($0, Set(chain.absentPositions($0))) }, uniquingKeysWith: { first, _ in first })
    let theta = try numbers.enumerated().map { index, number -> Double in
      let (row, position) = (index / columns.count, index % columns.count)
      let description = descriptions[position]
      guard !number.isNaN else {
        guard absent[patterns[row]]?.contains(position) != true else { return Double.nan }
        let logit = description.parameter.bijector.inverse(description.neutral)
        precondition(logit != nil, "\(description.parameter.name) has no logit at \(description.neutral)")
        return logit ?? 0
      }
      return try description.parameter.logit(
        of: number, in: columns[position].unit, scale: scale, name: columns[position].name, place: places[row],
        path: path)
    }
    return Matrix(rows: places.count, columns: columns.count, values: theta)
  }
}
