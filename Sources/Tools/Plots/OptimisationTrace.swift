import HDF5Store
import Inference
import PresetStore
import Workflows

/// The path of an optimisation, as `transfer` and `retrieve` keep it.
struct OptimisationTrace {
  /// For each step.
  let loss: [Double]
  let logLikelihood: [Double]
  let logPrior: [Double]

  static func isOne(_ reader: HDF5Reader) -> Bool {
    ["/loss", "/log_likelihood", "/log_prior", "/theta"].allSatisfy(reader.contains)
  }

  /// - Throws: `HDF5Error`, or one sentence for a trace without steps.
  init(_ reader: HDF5Reader, path: String) throws {
    loss = try reader.doubles("/loss").values
    logLikelihood = try reader.doubles("/log_likelihood").values
    logPrior = try reader.doubles("/log_prior").values
    guard !loss.isEmpty, loss.count == logLikelihood.count, loss.count == logPrior.count else {
      throw CommandError("\(path) is a trace of \(loss.count) steps, which do not fit its terms: make it again.")
    }
  }

  /// - Parameter trace: of a finished run.
  init(_ trace: MAPTrace) {
    (loss, logLikelihood, logPrior) = (trace.loss, trace.logLikelihood, trace.logPrior)
  }

  /// The loss and its terms over the steps, a line per trace.
  static func figure(_ traces: [(name: String, trace: OptimisationTrace)]) -> Figure {
    var figure = Figure("Traces", columns: 3, panelWidth: 400, panelHeight: 340)
    for (index, entry) in traces.enumerated() { figure.name(Figure.Colour.series(index), entry.name) }
    let terms: [(title: String, y: String, values: (OptimisationTrace) -> [Double])] = [
      ("Loss (lower is better)", "loss", \.loss),
      ("Log-likelihood: how near in sound", "log-likelihood", \.logLikelihood),
      ("Log prior: how plausible", "log prior (nats)", \.logPrior),
    ]
    for term in terms {
      let plots = traces.enumerated().map { index, entry in
        let values = term.values(entry.trace)
        let table = figure.data([values.indices.map { Double($0 + 1) }, values])
        let style = values.count > 1 ? "lines lw 1.6" : "points pt 7 ps 0.8"
        return "\(table) using 1:2 with \(style) lc rgb '\(Figure.Colour.series(index))' notitle"
      }
      figure.panel(
        term.title, x: "step", y: term.y,
        AxisText.ticks(of: [1, Double(traces.map(\.trace.loss.count).max() ?? 1)], count: 5), plot: plots)
    }
    return figure
  }
}
