import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import Statistics

/// A prior at a glance: how far it lets each parameter vary, and in how many directions; beside the presets that
/// it was fitted to, what the estimator shrank.
struct PriorFigure {
  private let chain: ChainDescription
  /// Draws of the prior, which every family has.
  private let draws: Matrix
  private let presets: Matrix?

  /// Enough for deviations to 2 %.
  static let drawCount = 4000

  init(_ prior: Prior, seed: UInt64, presets: PresetCollection?) {
    chain = prior.chain
    draws = prior.samples(Self.drawCount, seed: seed)
    self.presets = presets?.theta
  }

  func figure() throws -> Figure {
    var figure = Figure(
      "Prior", rows: presets == nil ? 1 : 2, columns: 2, panelWidth: 560, panelHeight: 380)
    figure.name(Figure.Colour.posterior, "prior (\(draws.rows) draws)")
    if let presets { figure.name(Figure.Colour.series(1), "\(presets.rows) presets") }
    try deviations(&figure)
    try eigenvalues(&figure)
    guard let presets else { return figure }
    try correlations(&figure, presets)
    try ratios(&figure, presets)
    return figure
  }

  // MARK: - Panels

  private func deviations(_ figure: inout Figure) throws {
    let ticks = AxisText.blockTicks(chain.parameterBlocks)
    func data(_ rows: Matrix) throws -> [[Double]] {
      let deviations = try covariance(rows).diagonal.map { $0.squareRoot() }
      return [deviations.indices.map(Double.init), deviations]
    }
    let plots = try overlaid("impulses lw 2.5", in: &figure, data)
    figure.panel(
      "Spread of each parameter", x: "", y: "standard deviation (logit)",
      ["set xtics (\(ticks)) rotate by -45 left", "set xrange [-1:\(draws.columns)]", "set yrange [0:*]"],
      plot: plots)
  }

  private func eigenvalues(_ figure: inout Figure) throws {
    func data(_ rows: Matrix) throws -> [[Double]] {
      let values = try SymmetricEigen(correlation(rows)).values.reversed().map { max($0, 1e-6) }
      return [values.indices.map { Double($0 + 1) }, values]
    }
    let plots = try overlaid("lines lw 2", in: &figure, data)
    figure.panel(
      "Eigenvalues of the correlation, largest first", x: "component", y: "eigenvalue",
      ["set logscale y", "set format y '%g'", "set xrange [0:\(draws.columns + 1)]"], plot: plots)
  }

  /// The prior in a style of its own, and the presets, where there are some, as points on it.
  private func overlaid(
    _ style: String, in figure: inout Figure, _ data: (Matrix) throws -> [[Double]]
  ) throws -> [String] {
    let own = figure.data(try data(draws))
    var plots = ["\(own) using 1:2 with \(style) lc rgb '\(Figure.Colour.posterior)' notitle"]
    if let presets {
      let other = figure.data(try data(presets))
      plots.append("\(other) using 1:2 with points pt 7 ps 0.4 lc rgb '\(Figure.Colour.series(1))' notitle")
    }
    return plots
  }

  /// What shrinkage does to each pair of parameters: points on the diagonal were left as they were.
  private func correlations(_ figure: inout Figure, _ presets: Matrix) throws {
    let (own, other) = (try correlation(draws), try correlation(presets))
    var pairs: [(Double, Double)] = []
    for row in 0..<own.rows {
      for column in 0..<row { pairs.append((other[row, column], own[row, column])) }
    }
    let step = max(1, pairs.count / 4000)
    let kept = stride(from: 0, to: pairs.count, by: step).map { pairs[$0] }
    let table = figure.data([kept.map(\.0), kept.map(\.1)])
    figure.panel(
      "Correlation of each pair", x: "of the presets", y: "of the prior",
      ["set xrange [-1:1]", "set yrange [-1:1]", "set xtics 0.5", "set ytics 0.5"],
      plot: [
        "\(table) using 1:2 with points pt 7 ps 0.2 lc rgb '#80\(Figure.Colour.posterior.dropFirst())' notitle",
        "x with lines dt 2 lw 1 lc rgb '\(Figure.Colour.reference)' notitle",
      ])
  }

  /// The variance of the prior over that of the presets, along the principal directions of the presets.
  private func ratios(_ figure: inout Figure, _ presets: Matrix) throws {
    let eigen = try SymmetricEigen(correlation(presets))
    let scales = Self.inverseDeviations(of: try covariance(presets))
    let own = try covariance(draws).scalingBoth(by: scales)
    let rotated = eigen.vectors.multiplied(by: own, transposingSelf: true).multiplied(by: eigen.vectors)
    let order = eigen.values.indices.reversed()
    let values = order.map { max(rotated[$0, $0] / max(eigen.values[$0], 1e-9), 1e-3) }
    let table = figure.data([values.indices.map { Double($0 + 1) }, values])
    figure.panel(
      "Shrinkage: variance of the prior over the presets'", x: "principal direction of the presets", y: "ratio",
      ["set logscale y", "set format y '%g'", "set xrange [0:\(values.count + 1)]"],
      plot: [
        "\(table) using 1:2 with lines lw 2 lc rgb '\(Figure.Colour.posterior)' notitle",
        "1 with lines dt 2 lw 1 lc rgb '\(Figure.Colour.reference)' notitle",
      ])
  }

  // MARK: - Moments

  private func covariance(_ rows: Matrix) throws -> Matrix {
    let data = EstimationData(rows: rows, names: chain.parameterSpace.names, blocks: [Array(0..<rows.columns)])
    return try CentredSample(data, acceptingConstantColumns: true).covariance
  }

  /// With ones for parameters that do not vary.
  private func correlation(_ rows: Matrix) throws -> Matrix {
    let covariance = try covariance(rows)
    let scales = Self.inverseDeviations(of: covariance)
    var matrix = covariance.scalingBoth(by: scales)
    for index in scales.indices where scales[index] == 0 { matrix[index, index] = 1 }
    return matrix
  }

  /// 0 for a parameter that does not vary.
  private static func inverseDeviations(of covariance: Matrix) -> [Double] {
    covariance.diagonal.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
  }
}
