import FXParams
import NumericCore
import PresetStore
import Statistics
import Workflows

/// Which effects presets have that differ in shape. The property names are the keys of its JSON.
struct ShapeReport: Encodable {
  /// An optional effect.
  struct Presence: Encodable {
    let effect: String
    /// Number of the presets that have it.
    let count: Int
    let share: Double
  }

  /// Two optional effects of which some presets have each and some lack it.
  struct Pair: Encodable {
    let first: String
    let second: String
    /// Number of the presets that have both.
    let both: Int
    /// The number that chance would give.
    let expected: Double
    /// Positive where they go together more than by chance.
    let phi: Double
    /// Of Fisher's exact test.
    let pValue: Double
    /// After Holm's correction for all pairs.
    let adjustedPValue: Double
  }

  let patterns: [PatternEntry]
  let presence: [Presence]
  /// The most surprising first.
  let pairs: [Pair]
  /// Number of the presets that have every effect, in the order of the chain: normality, correlation, components
  /// and outliers are those of these presets.
  let completeCount: Int

  /// Nil where nothing is missing.
  init?(of presets: PresetCollection) {
    guard let patterns = PatternEntry.all(of: presets) else { return nil }
    self.patterns = patterns
    let names = presets.chain.optionalNames
    let columns = names.indices.map { index in
      (0..<presets.count).map { presets.pattern(of: $0).present[index] }
    }
    presence = zip(names, columns).map { name, column in
      let count = column.count { $0 }
      return Presence(effect: name, count: count, share: Double(count) / Double(presets.count))
    }
    let found = names.indices.flatMap { first in (first + 1..<max(names.count, first + 1)).map { (first, $0) } }
      .compactMap { first, second -> (first: Int, second: Int, table: FourfoldTable, phi: Double)? in
        let table = FourfoldTable(columns[first], columns[second])
        return table.phi.map { (first, second, table, $0) }
      }
    let pValues = found.map(\.table.fisherPValue)
    let adjusted = HolmCorrection.adjusted(pValues)
    let presence = presence
    pairs = found.indices.map { index in
      let (first, second, table, phi) = found[index]
      return Pair(
        first: names[first], second: names[second], both: table.both,
        expected: presence[first].share * Double(presence[second].count), phi: phi, pValue: pValues[index],
        adjustedPValue: adjusted[index])
    }.sorted { $0.pValue < $1.pValue }
    completeCount = presets.rowsByPattern.first { $0.pattern == presets.chain.completePattern }?.rows.count ?? 0
  }

  // MARK: - Text

  func text(rows: Int) -> String {
    var effects = TextTable([("optional effect", .left), ("presets", .right), ("share", .right)])
    for entry in presence {
      effects.append([entry.effect, "\(entry.count)", NumberText.short(entry.share, digits: 2)])
    }
    var texts = [effects.text]
    if !pairs.isEmpty {
      var table = TextTable([
        ("effect", .left), ("and", .left), ("both", .right), ("by chance", .right), ("phi", .right),
        ("p (Holm)", .right),
      ])
      for pair in pairs.prefix(rows) {
        table.append([
          pair.first, pair.second, "\(pair.both)", NumberText.short(pair.expected, digits: 3),
          NumberText.short(pair.phi, digits: 2), NumberText.short(pair.adjustedPValue, digits: 3),
        ])
      }
      texts.append(table.text + "phi is positive where effects go together, and p that of Fisher's exact test.\n")
    }
    return ([PatternEntry.table(patterns)] + texts).joined(separator: "\n")
  }

  /// The pairs that are told from chance, in sentences.
  var conclusions: [String] {
    let told = pairs.filter { $0.adjustedPValue < 0.05 }
    guard !pairs.isEmpty else { return [] }
    guard !told.isEmpty else { return ["No two optional effects go together more or less than by chance."] }
    return told.prefix(3).map { pair in
      "\(pair.first) and \(pair.second) go together \(pair.phi > 0 ? "more" : "less") than by chance "
        + "(phi \(NumberText.short(pair.phi, digits: 2)), p \(NumberText.short(pair.adjustedPValue, digits: 2)))."
    }
  }
}

extension DescriptionReport.Parameter {
  /// The statistics of each parameter over the presets that have it; parameters that none has are left out.
  static func all(of presets: PresetCollection) throws -> [DescriptionReport.Parameter] {
    let parameters = presets.chain.parameterSpace.parameters
    let columns = parameters.indices.map { presets.theta.column($0).filter { !$0.isNaN } }
    let tests = try columns.map { column in
      column.count >= 3 && column.contains { $0 != column[0] } ? try ShapiroWilk(column) : nil
    }
    let tested = tests.indices.filter { tests[$0] != nil }
    let adjusted = Dictionary(
      uniqueKeysWithValues: zip(tested, HolmCorrection.adjusted(tested.compactMap { tests[$0]?.pValue })))
    return parameters.indices.filter { !columns[$0].isEmpty }.map { index in
      let parameter = parameters[index]
      let values = SortedQuantiles(columns[index].map { parameter.bijector.forward($0) })
      return DescriptionReport.Parameter(
        name: parameter.name, unit: parameter.unit.rawValue, presets: columns[index].count, values: values,
        normality: tests[index], adjustedPValue: adjusted[index])
    }
  }

  /// Names of the parameters that are the same in all presets that have them.
  static func constants(of presets: PresetCollection) -> [String] {
    presets.chain.parameterSpace.names.enumerated().filter { index, _ in
      let column = presets.theta.column(index).filter { !$0.isNaN }
      return !column.isEmpty && !column.contains { $0 != column[0] }
    }.map(\.element)
  }
}
