import Foundation
import NumericCore
import PresetStore
import Workflows

/// A comparison of families as intervals: what each gains on held-out presets.
struct ComparisonFigure {
  /// The parts of the JSON of `compare` that are drawn.
  struct Report: Decodable {
    struct Row: Decodable {
      let family: String
      let difference: Double?
      let differenceStandardError: Double?
    }
    struct Table: Decodable {
      let kind: String
      let presets: Int
      let families: [Row]
    }
    let baseline: String
    let tables: [Table]
  }

  private struct Gain {
    let family: String
    /// Nats per preset, with the standard error.
    let mean: Double
    let error: Double
  }

  private let baseline: String
  private let sets: [(kind: String, presets: Int, gains: [Gain])]

  /// Nil where no family was scored.
  init?(_ report: Report) {
    baseline = report.baseline
    sets = report.tables.compactMap { table in
      let gains = table.families.compactMap { row in
        row.difference.map { Gain(family: row.family, mean: $0, error: row.differenceStandardError ?? 0) }
      }
      return gains.isEmpty ? nil : (table.kind, table.presets, gains)
    }
    if sets.isEmpty { return nil }
  }

  /// From the table that `compare -o` writes: a row per preset, a column per family. Presets count as independent.
  ///
  /// - Throws: one sentence for another table.
  init(table: CSVTable, path: String) throws {
    guard let header = table.records.first?.fields, header.count > 2, header.prefix(2) == ["set", "label"] else {
      throw CommandError(
        "\(path) is not a table of compare, which begins with set,label: name a file that priorkit wrote.")
    }
    let families = Array(header.dropFirst(2))
    let baseline = families.contains("published") ? "published" : families[0]
    self.baseline = baseline
    let rows = table.records.dropFirst().filter { $0.fields.count == header.count }
    sets = ["cross-validation", "test"].compactMap { kind in
      let own = rows.filter { $0.fields[0] == kind }
      guard !own.isEmpty else { return nil }
      let columns = families.indices.map { column in own.compactMap { Double($0.fields[column + 2]) } }
      let scored = families.indices.filter { columns[$0].count == own.count }
      guard let reference = scored.first(where: { families[$0] == baseline }) else { return nil }
      let gains = scored.map { index in
        let gain = MeanEstimate.difference(columns[index], columns[reference])
        return Gain(family: families[index], mean: gain.mean, error: gain.standardError ?? 0)
      }
      return (kind, own.count, gains.sorted { $0.mean > $1.mean })
    }
    guard !sets.isEmpty else {
      throw CommandError("\(path) has no scores of \(baseline) to compare others with: run compare again.")
    }
  }

  func figure() -> Figure {
    let most = sets.map(\.gains.count).max() ?? 1
    let longest = sets.flatMap(\.gains).map(\.family.count).max() ?? 0
    let axis = "nats per preset more than \(baseline), ± 2 s.e."
    var figure = Figure(
      "Comparison", columns: sets.count, panelWidth: max(470, 110 + 8 * axis.count) + 7 * longest,
      panelHeight: 110 + 22 * most)
    for set in sets {
      let places = set.gains.indices.map(Double.init)
      let table = figure.data([places, set.gains.map(\.mean), set.gains.map { 2 * $0.error }])
      let ticks = set.gains.enumerated()
        .map { "\(Figure.quoted(PrintableText.escaped($1.family))) \($0)" }.joined(separator: ", ")
      figure.panel(
        set.kind == "test" ? "\(set.presets) test presets" : "\(set.presets) presets, held out in turn",
        x: axis, y: "",
        [
          "set yrange [\(set.gains.count).0 - 0.4:-0.6]", "set ytics (\(ticks))", "set grid noytics",
          "set arrow from 0, graph 0 to 0, graph 1 nohead dt 2 lc rgb '\(Figure.Colour.reference)'",
        ],
        plot: [
          "\(table) using 2:1:3 with xerrorbars pt 7 ps 0.6 lw 1.6 lc rgb '\(Figure.Colour.posterior)' notitle"
        ])
    }
    return figure
  }
}
