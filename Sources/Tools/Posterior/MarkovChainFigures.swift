import FXParams
import Foundation
import Inference
import NumericCore
import PresetStore
import Statistics

/// Figures of how the chains went: traces, ranks and losses.
struct MarkovChainFigures {
  let draws: PosteriorDraws
  /// The parameters farthest from their limits, by position in the flat order.
  let worst: [Int]

  /// The worst parameters with their axes, the draws as positions along these.
  private var parameters: [(axis: ParameterAxis, draws: ScalarDraws)] {
    let axes = ParameterAxis.all(of: draws.chain)
    return worst.map { index in
      (axes[index], draws.scalar(index, scale: .logits).map { axes[index].position(ofLogit: $0) })
    }
  }

  /// Which colour is which Markov chain.
  var legend: String {
    HTML.legend(draws.chains.indices.map { (Figure.Colour.series($0), 1, "Markov chain \($0 + 1)") })
  }

  // MARK: - Traces

  func traces() -> Figure {
    var figure = Figure("Traces", rows: (worst.count + 1) / 2, columns: 2, panelWidth: 520, panelHeight: 200)
    let step = max(1, draws.drawCount / 500)
    for parameter in parameters {
      let plots = parameter.draws.chains.enumerated().map { index, chain in
        let kept = Array(stride(from: 0, to: chain.count, by: step))
        let table = figure.data([kept.map { Double($0 + 1) }, kept.map { chain[$0] }])
        return "\(table) using 1:2 with lines lw 0.8 lc rgb '\(Figure.Colour.series(index))' notitle"
      }
      let ticks = parameter.axis.ticks(of: parameter.draws.pooled, count: 4, alongY: true)
      figure.panel(parameter.axis.name, x: "draw", y: parameter.axis.label, ticks, plot: plots)
    }
    return figure
  }

  // MARK: - Ranks

  /// How often each chain has draws of each rank: level where the chains agree (Vehtari et al. 2021, figure 5).
  func ranks() -> Figure {
    var figure = Figure("Rank plots", rows: (worst.count + 2) / 3, columns: 3, panelHeight: 220)
    let bins = min(20, max(draws.drawCount / 5, 1))
    for parameter in parameters {
      let ranks = SpearmanCorrelation.ranks(parameter.draws.pooled)
      let count = parameter.draws.drawCount
      let plots = parameter.draws.chains.indices.map { chain in
        var shares = [Double](repeating: 0, count: bins)
        for rank in ranks[chain * count..<(chain + 1) * count] {
          let bin = min(Int((rank - 0.5) / Double(parameter.draws.count) * Double(bins)), bins - 1)
          shares[bin] += Double(bins) / Double(count)
        }
        let centres = shares.indices.map { (Double($0) + 0.5) / Double(bins) }
        let table = figure.data([centres, shares])
        return "\(table) using 1:2 with histeps lw 1.4 lc rgb '\(Figure.Colour.series(chain))' notitle"
      }
      figure.panel(
        parameter.axis.name, x: "relative rank", y: "share / expected",
        ["set yrange [0:*]", "set xrange [0:1]", "set xtics 0.25", "set ytics 0.5"],
        plot: plots + ["1 with lines dt 2 lw 1 lc rgb '\(Figure.Colour.reference)' notitle"])
    }
    return figure
  }

  // MARK: - Losses

  /// The optimisations before sampling, where there were any, and the log density along the chains.
  func losses() -> Figure {
    let hasLosses = draws.lossTraces.contains { !$0.isEmpty }
    var figure = Figure(
      "Loss traces", columns: hasLosses ? 2 : 1, panelWidth: hasLosses ? 520 : 1040, panelHeight: 240)
    if hasLosses {
      let plots = draws.lossTraces.enumerated().filter { !$1.isEmpty }.map { index, trace in
        let table = figure.data([trace.indices.map { Double($0 + 1) }, trace])
        return "\(table) using 1:2 with lines lw 1.2 lc rgb '\(Figure.Colour.series(index))' notitle"
      }
      figure.panel("optimisation before sampling, one line per start", x: "step", y: "loss", plot: plots)
    }
    let warmUp = draws.warmUp.first?.count ?? 0
    let plots = draws.chains.enumerated().map { index, chain in
      let parts = (draws.warmUp.isEmpty ? [] : [draws.warmUp[index]]) + [chain]
      let density = parts.flatMap { zip($0.logPrior, $0.logLikelihood).map { -($0 + $1) } }
      let table = figure.data([density.indices.map { Double($0 + 1 - warmUp) }, density])
      return "\(table) using 1:2 with lines lw 0.9 lc rgb '\(Figure.Colour.series(index))' notitle"
    }
    figure.panel(
      "sampling" + (warmUp > 0 ? ", warm-up left of the line" : ""), x: "draw", y: "-log posterior (nats)",
      ["set xrange [\(-warmUp):\(draws.drawCount)]"]
        + (warmUp > 0
          ? ["set arrow from 0.5, graph 0 to 0.5, graph 1 nohead lc rgb '\(Figure.Colour.reference)' dt 2"] : []),
      plot: plots)
    return figure
  }
}
