import FXParams
import Foundation

/// Which effects a row of a table has, read off its empty cells, and in which order.
///
/// A cross-send gain is there where both of its sends are.
struct RowShape {
  private struct Effect {
    /// Nil for the direct sound, which is none.
    let name: String?
    let isOptional: Bool
    /// Of its own parameters, where the table has a column of them.
    let positions: [Int]
  }

  private let chain: ChainDescription
  private let effects: [Effect]
  /// Names of the effects that no row has.
  private let absentEverywhere: Set<String>
  /// Gains that the table has a column of, by the names of their sends.
  private let gains: [(source: String, destination: String, position: Int)]
  /// Positions with a column.
  private let given: [Int]
  /// Patterns that were seen to be admitted: rows are many, patterns few.
  private var admitted: Set<ChainPattern> = []

  init(_ chain: ChainDescription, columns: CSVColumns) {
    self.init(
      chain, given: Set(columns.sources.indices.filter { columns.sources[$0] != nil }), absent: Set(columns.absent))
  }

  /// - Parameters:
  ///   - chain: that of the rows.
  ///   - given: positions of the parameters that rows may have a number of.
  ///   - absent: names of the effects that no row has.
  init(_ chain: ChainDescription, given: Set<Int>, absent: Set<String>) {
    self.chain = chain
    (self.given, absentEverywhere) = (given.sorted(), absent)
    let slots = chain.slots
    func effect(_ name: String?, _ positions: some Sequence<Int>) -> Effect {
      Effect(
        name: name, isOptional: name.map(chain.optionalEffects.contains) ?? false,
        positions: positions.filter(given.contains))
    }
    effects =
      zip(chain.series, slots.series).map { effect($0.name, $1) }
      + zip(chain.sends, slots.sends).map { effect($0.name, $1) }
      + (slots.directPan.map { [effect(nil, [$0])] } ?? [])
    gains = zip(chain.crossSends, slots.crossSends).filter { given.contains($1) }.map {
      (chain.sends[$0.source].name, chain.sends[$0.destination].name, $1)
    }
  }

  /// The pattern of a row.
  ///
  /// - Parameters:
  ///   - row: numbers in flat order; nil for empty cells and for parameters without a column.
  ///   - order: the cell that says the order, from 1; nil where the table has none. An empty one is the first.
  ///   - name: what errors call a parameter, by its position.
  ///   - place: what errors begin with.
  ///   - path: of the file at fault.
  /// - Throws: ``DataError`` for cells of an effect of which some are empty, for empty cells of an effect that is
  ///   not optional, for an order that the chain does not have, and for a row that has no effect.
  mutating func pattern(
    of row: [Double?], order: String?, name: (Int) -> String, place: String, path: String
  ) throws -> ChainPattern {
    func refuse(_ words: String) -> DataError { DataError(.invalidValue, path, "\(place) \(words).") }
    let number = try order.map { try self.order($0, refuse) } ?? 0
    var absent = absentEverywhere
    if absent.isEmpty, given.allSatisfy({ row[$0] != nil }) {
      return ChainPattern(present: chain.completePattern.present, order: number)
    }
    for effect in effects {
      guard let empty = effect.positions.first(where: { row[$0] == nil }) else { continue }
      guard effect.isOptional else {
        let remedy = effect.name.map { ", and \($0) is not optional: give one, or mark it so in the chain" }
        throw refuse("has no value of \(name(empty))\(remedy ?? ": give one")")
      }
      let own = effect.name ?? ""
      guard effect.positions.allSatisfy({ row[$0] == nil }) else {
        throw refuse(
          "has no value of \(name(empty)) but others of \(own): give one, or leave out all of \(own)")
      }
      absent.insert(own)
    }
    for gain in gains {
      let lacking = [gain.destination, gain.source].first { absent.contains($0) }
      switch (lacking, row[gain.position]) {
      case (nil, nil):
        throw refuse(
          "has no value of \(name(gain.position)) but both \(gain.source) and \(gain.destination): give one")
      case (let lacking?, _?):
        throw refuse(
          "has a value of \(name(gain.position)) but nothing else of \(lacking): leave it out, or give the others")
      default: break
      }
    }
    let pattern = ChainPattern(present: chain.optionalNames.map { !absent.contains($0) }, order: number)
    guard admitted.contains(pattern) || chain.admits(pattern) else {
      throw refuse("has no effect of the chain: give one, or remove it")
    }
    admitted.insert(pattern)
    return pattern
  }

  /// Whether a pattern lacks the effect that a parameter belongs to; of parameters that the chain fixes.
  func isAbsent(_ parameter: String, in pattern: ChainPattern) -> Bool {
    zip(chain.optionalNames, pattern.present).contains { name, isPresent in
      !isPresent && parameter.hasPrefix(name + ".")
    }
  }

  /// The number of an order, from 0.
  private func order(_ cell: String, _ refuse: (String) -> DataError) throws -> Int {
    let text = cell.trimmingCharacters(in: .whitespaces)
    guard !text.isEmpty else { return 0 }
    // Data frames with empty cells write whole numbers with a point.
    guard let value = Double(text), let number = Int(exactly: value), chain.orders.indices.contains(number - 1)
    else {
      throw refuse(
        "has the order \"\(cell)\": give a number from 1 to \(chain.orders.count), 1 for the series as the chain "
          + "lists it")
    }
    return number - 1
  }
}
