import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit

/// Distributions of single parameters: collections as histograms, priors as curves of their draws.
struct MarginalFigure {
  struct Source {
    let name: String
    /// Presets, or draws of a prior.
    let logits: Matrix
    let isPrior: Bool
  }

  let chain: ChainDescription
  let sources: [Source]

  /// - Throws: one sentence for a name that the chain has not.
  func figure(of names: [String]) throws -> Figure {
    let space = chain.parameterSpace
    let positions = try names.map { name in
      guard let index = space.index(of: name) else {
        throw CommandError("The chain has no parameter \(name): priorkit show --all lists them.")
      }
      return index
    }
    let columns = min(positions.count, 3)
    var figure = Figure(
      "Parameters", rows: (positions.count + columns - 1) / columns, columns: columns, panelWidth: 400,
      panelHeight: 290)
    for (index, source) in sources.enumerated() { figure.name(Figure.Colour.series(index), source.name) }
    let axes = ParameterAxis.all(of: chain)
    for index in positions { add(axes[index], index, to: &figure) }
    return figure
  }

  private func add(_ axis: ParameterAxis, _ index: Int, to figure: inout Figure) {
    let values = sources.map { source in source.logits.column(index).map(axis.position(ofLogit:)) }
    let all = values.flatMap { $0 }
    // What rounding leaves of a constant is no variation.
    guard let least = all.min(), let most = all.max(), most - least > 1e-9 * max(abs(most), 1e-9) else {
      return figure.empty(axis.name)
    }
    let plots = zip(sources, values).enumerated().map { number, pair in
      let (source, own) = pair
      let colour = Figure.Colour.series(number)
      guard !source.isPrior, own.count > 1 else {
        let table = figure.data([own])
        return own.count > 1
          ? "\(table) using 1:(1.0/\(own.count)) smooth kdensity with lines lw 2 lc rgb '\(colour)' notitle"
          : "\(table) using 1:(0) with points pt 9 ps 1.4 lc rgb '\(colour)' notitle"
      }
      let (centres, densities) = Self.histogram(own, from: least, to: most)
      let table = figure.data([centres, densities])
      return "\(table) using 1:2 with boxes fs transparent solid 0.35 noborder lc rgb '\(colour)' notitle"
    }
    figure.panel(
      axis.name, x: axis.label.isEmpty ? " " : axis.label, y: "density",
      ["unset ytics", "set yrange [0:*]", "set style fill transparent solid 0.35"] + axis.ticks(of: all, count: 5),
      plot: plots)
  }

  /// Bins over the common range, as many as the square root of the count, 10 to 40; their area is one.
  private static func histogram(
    _ values: [Double], from least: Double, to most: Double
  ) -> (centres: [Double], densities: [Double]) {
    let bins = min(max(Int(Double(values.count).squareRoot()), 10), 40)
    let width = (most - least) / Double(bins)
    var counts = [Double](repeating: 0, count: bins)
    for value in values { counts[min(Int((value - least) / width), bins - 1)] += 1 }
    return (
      counts.indices.map { least + (Double($0) + 0.5) * width },
      counts.map { $0 / (Double(values.count) * width) }
    )
  }
}
