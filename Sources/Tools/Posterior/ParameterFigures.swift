import FXParams
import Foundation
import Inference
import NumericCore
import Statistics

/// Figures of what the draws say about parameters: marginals, pairs, and what the data informed.
struct ParameterFigures {
  let draws: PosteriorDraws
  private let axes: [ParameterAxis]
  /// The variable that each parameter belongs to, by number.
  private let variables: [Int]

  init(_ draws: PosteriorDraws) {
    self.draws = draws
    let space = draws.chain.parameterSpace
    axes = ParameterAxis.all(of: draws.chain)
    var variables = [Int](repeating: 0, count: space.count)
    for (number, variable) in PosteriorVariable.all(of: space).enumerated() {
      for index in variable.indices { variables[index] = number }
    }
    self.variables = variables
  }

  /// The first `count` parameters of a list, leaving out what goes beyond three of one variable.
  func varied(_ indices: [Int], count: Int) -> [Int] {
    var taken: [Int: Int] = [:]
    let kept = indices.filter { index in
      taken[variables[index], default: 0] += 1
      return taken[variables[index], default: 0] <= 3
    }
    return Array(kept.prefix(count))
  }

  private func positions(_ logits: [Double], _ index: Int) -> [Double] {
    logits.map { axes[index].position(ofLogit: $0) }
  }

  // MARK: - Marginals

  /// Densities of the posterior and the prior, for parameters by their positions in the flat order.
  func marginals(_ indices: [Int]) -> Figure {
    var figure = Figure("Marginals", rows: (indices.count + 3) / 4, columns: 4, panelWidth: 260, panelHeight: 190)
    let pooled = draws.pooledLogits
    for index in indices {
      let axis = axes[index]
      var plots: [String] = []
      var spread: [Double] = []
      func density(_ logits: [Double], _ colour: String, fill: Bool) {
        let values = positions(logits, index)
        guard let least = values.min(), let most = values.max(), least < most else { return }
        spread += [least, most]
        let table = figure.data([values])
        let style = fill ? "filledcurves y=0 fs transparent solid 0.35 noborder" : "lines lw 1.6"
        plots.append(
          "\(table) using 1:(1.0/\(values.count)) smooth kdensity with \(style) lc rgb '\(colour)' "
            + "notitle")
      }
      if let prior = draws.priorDraws { density(prior.column(index), Figure.Colour.prior, fill: true) }
      density(pooled.column(index), Figure.Colour.posterior, fill: false)
      if plots.isEmpty { plots = ["0 notitle"] }
      figure.panel(
        // A blank keeps the panels of a row at one height.
        axis.name, x: axis.label.isEmpty ? " " : axis.label, y: "",
        ["unset ytics", "set border 1", "set yrange [0:*]"] + axis.ticks(of: spread, count: 4),
        plot: plots)
    }
    return figure
  }

  // MARK: - Pairs

  /// Parameters with the strongest rank correlation in the draws, strongest first.
  func strongestPairs(_ count: Int) throws -> [(first: Int, second: Int, coefficient: Double)] {
    let correlations = try SpearmanCorrelation.matrix(draws.pooledLogits)
    var pairs: [(first: Int, second: Int, coefficient: Double)] = []
    let free = draws.freePositions
    for (place, first) in free.enumerated() {
      for second in free[(place + 1)...] {
        pairs.append((first, second, correlations[first, second]))
      }
    }
    pairs.sort { $0.coefficient.magnitude > $1.coefficient.magnitude }
    // Neighbours in a vector would fill the figure: gamma at one frequency goes with gamma at the next.
    var shown: Set<[Int]> = []
    let kept = pairs.filter { shown.insert([variables[$0.first], variables[$0.second]].sorted()).inserted }
    return Array(kept.prefix(count))
  }

  func pairs(_ pairs: [(first: Int, second: Int, coefficient: Double)]) -> Figure {
    var figure = Figure("Pair plot", rows: (pairs.count + 2) / 3, columns: 3, panelHeight: 280)
    let step = max(1, draws.chains.count * draws.drawCount / 800)
    let pooled = draws.pooledLogits
    func thinned(_ values: [Double]) -> [Double] { stride(from: 0, to: values.count, by: step).map { values[$0] } }
    for pair in pairs {
      let (x, y) = (axes[pair.first], axes[pair.second])
      let first = thinned(positions(pooled.column(pair.first), pair.first))
      let second = thinned(positions(pooled.column(pair.second), pair.second))
      let table = figure.data([first, second])
      figure.panel(
        String(format: "rank correlation %.2f", pair.coefficient), x: x.title, y: y.title,
        x.ticks(of: first, count: 4) + y.ticks(of: second, count: 5, alongY: true),
        plot: ["\(table) using 1:2 with points pt 7 ps 0.25 lc rgb '#900072b2' notitle"])
    }
    return figure
  }

  // MARK: - Information

  /// Posterior over prior standard deviation of every parameter that is not fixed, in flat order, with one colour
  /// per effect.
  func information(_ information: [ParameterInformation]) -> Figure {
    var figure = Figure("What the data informed", columns: 1, panelWidth: 1040, panelHeight: 300)
    let blocks = draws.chain.parameterBlocks
    let plots = blocks.enumerated().compactMap { number, block -> String? in
      let own = information.filter { block.indices.contains($0.index) }
      guard !own.isEmpty else { return nil }
      let table = figure.data([own.map { Double($0.index + 1) }, own.map { min($0.ratio, 2) }])
      return "\(table) using 1:2 with impulses lw 3 lc rgb '\(Figure.Colour.series(number))' notitle"
    }
    let ticks = blocks.map { block in
      let centre = Double(block.indices.reduce(0, +)) / Double(block.indices.count) + 1
      return "\(Figure.quoted(block.name)) \(centre)"
    }
    figure.panel(
      "", x: "", y: "posterior / prior deviation",
      [
        "set xtics (\(ticks.joined(separator: ", "))) rotate by -40 left", "set xrange [0:\(axes.count + 1)]",
        "set yrange [0:*]", "unset title",
      ], plot: plots + ["1 with lines dt 2 lw 1 lc rgb '\(Figure.Colour.reference)' notitle"])
    return figure
  }
}
