import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import Statistics
import Workflows

/// A collection at a glance: which parameters go together, how many directions it varies in, which presets are
/// odd and which parameters are not normal.
struct CollectionFigure {
  private let presets: PresetCollection
  private let description: CollectionDescription

  /// - Throws: one sentence for fewer presets than there is something to say of.
  init(_ presets: PresetCollection, path: String) throws {
    guard presets.count >= 4 else {
      throw CommandError(
        "\(path) has \(presets.count) presets, too few for figures of a collection: choose presets by --row.")
    }
    try presets.requireSquares(path: path)
    self.presets = presets
    description = try CollectionDescription(presets)
  }

  func figure() throws -> Figure {
    var figure = Figure("Collection", rows: 2, columns: 2, panelWidth: 560, panelHeight: 430)
    try correlations(&figure)
    components(&figure)
    outliers(&figure)
    normality(&figure)
    return figure
  }

  // MARK: - Panels

  private var blocks: [ParameterBlock] { presets.chain.parameterBlocks }

  private var blockTicks: String { AxisText.blockTicks(blocks) }

  private func correlations(_ figure: inout Figure) throws {
    let matrix = try SpearmanCorrelation.matrix(presets.theta)
    let count = matrix.rows
    let places = (0..<count * count).map { (Double($0 % count), Double($0 / count)) }
    let table = figure.data([
      places.map(\.0), places.map(\.1), matrix.values.map { $0.isFinite ? abs($0) : 0 },
    ])
    figure.panel(
      "Rank correlation |r| of parameters, by block", x: "", y: "",
      [
        "set xtics (\(blockTicks)) rotate by -45 left", "set ytics (\(blockTicks))",
        "set xrange [-0.5:\(count).0 - 0.5]", "set yrange [\(count).0 - 0.5:-0.5]", "set cbrange [0:1]",
        "set palette defined (0 '#ffffff', 0.5 '#7fb8d8', 1 '\(Figure.Colour.median)')", "unset grid",
      ],
      plot: ["\(table) using 1:2:3 with image notitle"])
  }

  private func components(_ figure: inout Figure) {
    guard let components = description.components else { return figure.empty("Components") }
    let shares = components.cumulativeShares
    let table = figure.data([shares.indices.map { Double($0 + 1) }, shares.map { 100 * $0 }])
    let needed = (shares.firstIndex { $0 >= 0.9 } ?? shares.count - 1) + 1
    figure.panel(
      "Components: \(needed) of \(shares.count) hold 90 % of the variance", x: "principal components",
      y: "share of the variance (%)",
      [
        "set yrange [0:100]", "set xrange [0:\(shares.count + 1)]",
        "set arrow from \(needed), graph 0 to \(needed), graph 1 nohead dt 2 lc rgb '\(Figure.Colour.reference)'",
      ],
      plot: ["\(table) using 1:2 with linespoints pt 7 ps 0.35 lw 1.4 lc rgb '\(Figure.Colour.posterior)' notitle"])
  }

  /// Robust distances against those of normal presets, the farthest named.
  private func outliers(_ figure: inout Figure) {
    guard let distances = description.outliers else { return figure.empty("Outliers") }
    let order = distances.squared.indices.sorted { distances.squared[$0] < distances.squared[$1] }
    let expected = order.indices.map { place in
      TailProbability.chiSquaredQuantile(
        tail: 1 - (Double(place) + 0.5) / Double(order.count), degreesOfFreedom: Double(distances.dimension))
    }
    let found = order.map { distances.squared[$0] }
    let table = figure.data([expected, found])
    let last = order.count - 1
    let name = Figure.quoted(PrintableText.escaped(presets.label(of: order[last])) + "  ")
    let label =
      "set label 101 \(name) at \(expected[last]),\(found[last]) right offset 0,0.9 textcolor rgb "
      + "'\(Figure.Colour.reference)'"
    figure.panel(
      "Outliers: squared robust distances", x: "of normal presets", y: "of these presets",
      [
        label, "set logscale y", "set format y '%g'",
        "set yrange [\(0.8 * max(found[0], 1e-6)):\(1.5 * found[last])]",
      ],
      plot: [
        "\(table) using 1:2 with points pt 7 ps 0.4 lc rgb '\(Figure.Colour.posterior)' notitle",
        "x with lines dt 2 lw 1 lc rgb '\(Figure.Colour.reference)' notitle",
        "\(distances.threshold(tail: 0.025)) with lines lw 1 lc rgb '\(Figure.Colour.series(4))' notitle",
      ])
  }

  private func normality(_ figure: inout Figure) {
    let tested = description.parameters.enumerated().compactMap { index, parameter in
      parameter.normality.map { (index, $0.statistic) }
    }
    guard !tested.isEmpty else { return figure.empty("Normality") }
    let plots = blocks.enumerated().compactMap { number, block -> String? in
      let own = tested.filter { block.indices.contains($0.0) }
      guard !own.isEmpty else { return nil }
      let table = figure.data([own.map { Double($0.0) }, own.map { 1 - $0.1 }])
      return "\(table) using 1:2 with impulses lw 2.5 lc rgb '\(Figure.Colour.series(number))' notitle"
    }
    figure.panel(
      "How far from normal: 1 - W of Shapiro and Wilk", x: "", y: "1 - W (0: normal)",
      [
        "set xtics (\(blockTicks)) rotate by -45 left", "set xrange [-1:\(presets.dimension)]", "set yrange [0:*]",
      ], plot: plots)
  }
}
