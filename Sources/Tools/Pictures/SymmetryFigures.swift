import HDF5Store
import PresetStore
import Workflows

/// The diagnosis of symmetries as bars: how far the sound moves, and what the prior makes of it.
struct SymmetryFigures {
  private struct Row {
    let name: String
    /// The largest change of a third-octave band, in dB.
    let bandDB: Double
    /// Quartiles of the change of the log density, in nats; NaN without a prior.
    let change: (lower: Double, median: Double, upper: Double)
  }

  private let rows: [Row]
  private var hasPrior: Bool { rows.contains { !$0.change.median.isNaN } }

  /// A third-octave band that changes by less is not heard.
  private static let audibleDB = 0.1
  /// Changes of rounding errors are drawn there.
  private static let leastDB = 1e-4

  /// - Throws: `HDF5Error` for a file that is not that of `equivariance`.
  init(_ reader: HDF5Reader) throws {
    let names = try reader.strings("/symmetries/names")
    let bands = try reader.doubles("/symmetries/largest_band_db").values
    let changes = try reader.doubles("/symmetries/log_density_change").values
    // Lowest, quartiles and highest of each; symmetries that apply to no preset have no figures.
    rows = names.indices.compactMap { index in
      guard bands.count == 5 * names.count, changes.count == bands.count, !bands[5 * index + 4].isNaN else {
        return nil
      }
      return Row(
        name: names[index], bandDB: bands[5 * index + 4],
        change: (changes[5 * index + 1], changes[5 * index + 2], changes[5 * index + 3]))
    }
  }

  func figure() throws -> Figure {
    guard !rows.isEmpty else {
      throw CommandError("No symmetry applies to the presets of that report: there is nothing to draw.")
    }
    let longest = rows.map { Self.tick($0.name).count }.max() ?? 0
    var figure = Figure(
      "Symmetries", columns: hasPrior ? 2 : 1, panelWidth: 420 + 7 * longest, panelHeight: 110 + 24 * rows.count)
    let ticks = rows.enumerated().map { "\(Figure.quoted(Self.tick($1.name))) \($0)" }.joined(separator: ", ")
    let common = ["set yrange [\(rows.count).0 - 0.4:-0.6]", "set ytics (\(ticks))", "set grid noytics"]
    let places = rows.indices.map(Double.init)
    // Bars are drawn from the least change to the change, as boxes about their row.
    let bars = figure.data([
      places, rows.map { max($0.bandDB, Self.leastDB * 1.25) },
    ])
    let most = max(rows.map(\.bandDB).max() ?? 0, 1) * 2
    figure.panel(
      "Sound: largest change of a third-octave band", x: "dB (dotted: the least that is heard)", y: "",
      common + [
        "set logscale x", "set xrange [\(Self.leastDB):\(most)]",
        "set xtics ('0.0001' 1e-4, '0.01' 1e-2, '1' 1, '100' 100)",
        "set arrow from \(Self.audibleDB), graph 0 to \(Self.audibleDB), graph 1 nohead dt 2 lc rgb "
          + "'\(Figure.Colour.reference)'",
      ],
      plot: [
        "\(bars) using (\(Self.leastDB)):1:(\(Self.leastDB)):2:($1-0.3):($1+0.3) with boxxyerror fs solid 0.7 "
          + "noborder lc rgb '\(Figure.Colour.posterior)' notitle"
      ])
    guard hasPrior else { return figure }
    let table = figure.data([
      places, rows.map(\.change.median), rows.map(\.change.lower), rows.map(\.change.upper),
    ])
    figure.panel(
      "Prior: change of the log density", x: "nats: median and quartiles", y: "",
      common + AxisText.ticks(of: rows.flatMap { [$0.change.lower, $0.change.upper, 0] }, count: 4),
      plot: [
        "\(table) using 2:1:3:4 with xerrorbars pt 7 ps 0.6 lw 1.6 lc rgb '\(Figure.Colour.series(1))' notitle"
      ])
    return figure
  }

  private static func tick(_ name: String) -> String {
    AxisText.shortened(PrintableText.escaped(name), to: 40)
  }
}
