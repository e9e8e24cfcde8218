import FXChain
import FXParams
import Foundation
import Inference
import NumericCore
import Statistics

/// Curves that the settings make, as fans: the median of the draws and the bands that hold 50 % and 90 % of them,
/// on the prior's band of 90 %.
struct ResponseFans {
  private let chain: ChainDescription
  private let posterior: [[Double]]
  private let prior: [[Double]]

  /// At most 400 draws of each are taken.
  init(_ draws: PosteriorDraws) {
    chain = draws.chain
    let space = draws.chain.parameterSpace
    func values(_ logits: Matrix) -> [[Double]] {
      stride(from: 0, to: logits.rows, by: max(1, logits.rows / 400)).map {
        space.values(ofLogits: logits.row($0))
      }
    }
    posterior = values(draws.pooledLogits)
    prior = draws.priorDraws.map(values) ?? []
  }

  /// What the colours mean, and what is dotted.
  static let legend = HTML.legend([
    (Figure.Colour.prior, 0.3, "prior, 90 %"), (Figure.Colour.posterior, 0.25, "posterior, 90 %"),
    (Figure.Colour.posterior, 0.6, "posterior, 50 %"), ("#1b3f5c", 1, "median; dotted: level unchanged"),
  ])

  // MARK: - Figures, nil where the chain lacks the effect

  func equaliser() -> Figure? {
    guard let response = EqualiserResponse(chain) else { return nil }
    let top = min(20_000, 0.49 * chain.sampleRate)
    let frequencies = (0...120).map { 20 * pow(top / 20, Double($0) / 120) }
    return fan(
      "Equaliser response", abscissae: frequencies.map(log10), x: "frequency (Hz)", y: "level (dB)",
      [AxisText.logarithmicHz, "set xrange [\(log10(20.0)):\(log10(top))]", "set yrange [-36:24]", "set ytics 12"]
    ) { response.levelsDB(values: $0, frequenciesHz: frequencies) }
  }

  func compressor() -> Figure? {
    guard let curve = CompressorCurve(chain) else { return nil }
    let levels = (0...120).map { -70 + 70 * Double($0) / 120 }
    return fan(
      "Compressor curve", abscissae: levels, x: "input level (dB)", y: "output level (dB)",
      ["set xrange [-70:0]", "set yrange [-80:10]", "set ytics 20"],
      extra: ["x with lines dt 2 lw 1 lc rgb '#4a5560' notitle"]
    ) { curve.outputLevelsDB(values: $0, inputLevelsDB: levels) }
  }

  /// Decay time of the first feedback delay network over frequency.
  func reverb() -> Figure? {
    let networks = chain.sends.compactMap { effect -> FeedbackDelayNetwork? in
      if case .feedbackDelayNetwork(let network) = effect { network } else { nil }
    }
    guard let network = networks.first else { return nil }
    let (space, rate) = (chain.parameterSpace, chain.sampleRate)
    let quantities = chain.derivedQuantities
    let points = (1...network.decayPoints).compactMap { point -> (index: Int, quantity: DerivedQuantity)? in
      let name = "\(network.name).gamma.\(point)"
      guard let index = space.index(of: name), let quantity = quantities[name] else { return nil }
      return (index, quantity)
    }
    guard points.count > 1 else { return nil }
    let kilohertz = points.indices.map { Double($0) / Double(points.count - 1) * rate / 2000 }
    return fan(
      "Reverb decay", abscissae: kilohertz, x: "frequency (kHz)", y: "decay to -60 dB (s)",
      ["set xrange [0:\(rate / 2000)]", "set yrange [0:*]"]
    ) { values in points.map { $0.quantity.quantity(of: values[$0.index], sampleRate: rate)?.value ?? 0 } }
  }

  // MARK: - Fans

  private func fan(
    _ title: String, abscissae: [Double], x: String, y: String, _ commands: [String], extra: [String] = [],
    _ curve: ([Double]) -> [Double]
  ) -> Figure {
    var figure = Figure(title, panelWidth: 360, panelHeight: 300)
    var plots: [String] = []
    func band(_ quantiles: [[Double]], _ lower: Int, _ upper: Int, _ colour: String, _ opacity: Double) {
      let table = figure.data([abscissae, quantiles[lower], quantiles[upper]])
      plots.append(
        "\(table) using 1:2:3 with filledcurves fs transparent solid \(opacity) noborder lc rgb '\(colour)' "
          + "notitle")
    }
    if !prior.isEmpty {
      band(Self.quantiles(prior.map(curve)), 0, 4, Figure.Colour.prior, 0.3)
    }
    let quantiles = Self.quantiles(posterior.map(curve))
    band(quantiles, 0, 4, Figure.Colour.posterior, 0.25)
    band(quantiles, 1, 3, Figure.Colour.posterior, 0.45)
    let table = figure.data([abscissae, quantiles[2]])
    plots.append("\(table) using 1:2 with lines lw 2 lc rgb '#1b3f5c' notitle")
    figure.panel(title, x: x, y: y, commands, plot: plots + extra)
    return figure
  }

  /// Far outside every panel.
  private static let largest = 1e6

  /// The 5, 25, 50, 75 and 95 % quantiles of curves, point by point. Settings that no engineer would choose make
  /// levels that are infinite, or no number where they meet: these lie far outside the panel.
  private static func quantiles(_ curves: [[Double]]) -> [[Double]] {
    let columns = (curves.first ?? []).indices.map { point in
      SortedQuantiles(curves.map { $0[point].isNaN ? largest : min(max($0[point], -largest), largest) })
    }
    return [0.05, 0.25, 0.5, 0.75, 0.95].map { probability in columns.map { $0.value(at: probability) } }
  }
}
