import FXParams
import Inference
import NumericCore
import PresetStore
import PriorKit
import Workflows

/// Which figure some files are drawn as.
struct PlotChoice {
  let files: [PlotFile]
  /// Numbers or labels of presets of the first file.
  let rows: [String]
  let parameters: [String]
  let seed: UInt64

  /// More presets than these are a collection, whose curves nobody can tell apart.
  private static let mostLines = 6
  /// As many as a fan needs.
  private static let fanCount = 400

  /// - Throws: one sentence for files that do not go together.
  func picture() throws -> Picture {
    if let other = try single() { return other }
    try requireOneChain()
    if !rows.isEmpty, let first = files.first {
      guard case .presets = first.content else {
        throw CommandError(
          "--row chooses presets of the first file, and \(first.path) holds none: name presets first.")
      }
    }
    if !parameters.isEmpty { return try marginals() }
    let collections = files.compactMap { file -> (PlotFile, PresetCollection)? in
      if case .presets(let presets) = file.content, rows.isEmpty, presets.count > Self.mostLines {
        (file, presets)
      } else {
        nil
      }
    }
    if files.count == 1, let (file, presets) = collections.first {
      let figure = try CollectionFigure(presets, path: file.path).figure()
      return Picture(
        figure: figure, title: "Presets of \(file.name)",
        caption: "\(presets.count) presets of \(presets.dimension) parameters")
    }
    if let prior = try priorPicture(collections.map(\.1)) { return prior }
    return try curves()
  }

  // MARK: - Files that are drawn by themselves

  private func single() throws -> Picture? {
    guard let first = files.first else { return nil }
    let traces = files.compactMap { file -> (name: String, trace: OptimisationTrace)? in
      if case .trace(let trace) = file.content { (file.name, trace) } else { nil }
    }
    if traces.count == files.count {
      return Picture(
        figure: OptimisationTrace.figure(traces), title: "Traces",
        caption:
          "\(traces.count) \(traces.count == 1 ? "trace" : "traces"): loss, log-likelihood and log prior by step"
      )
    }
    let (figure, title, caption): (Figure, String, String)
    switch first.content {
    case .symmetries(let symmetries):
      (figure, title, caption) = (
        try symmetries.figure(), "Symmetries", "what is heard, and what the prior makes of it"
      )
    case .comparison(let comparison):
      (figure, title, caption) = (
        comparison.figure(), "Comparison of families", "held-out log density, two standard errors"
      )
    case .calibration(let report):
      (figure, title, caption) = (report.figure(), "Calibration", report.verdict)
    case .trace:
      throw CommandError("\(first.path) is a trace and another file is none: draw traces by themselves.")
    case .presets, .prior, .posterior: return nil
    }
    guard files.count == 1, rows.isEmpty, parameters.isEmpty else {
      throw CommandError("\(first.path) is drawn by itself: leave out other files, --row and --parameter.")
    }
    return Picture(figure: figure, title: title, caption: caption)
  }

  // MARK: - Presets, priors and posteriors

  private func chain(of file: PlotFile) throws -> ChainDescription {
    switch file.content {
    case .presets(let presets): presets.chain
    case .prior(let prior): prior.chain
    case .posterior(let draws): draws.chain
    case .trace, .symmetries, .comparison, .calibration:
      throw CommandError("\(file.path) cannot be drawn beside presets or a prior: draw it by itself.")
    }
  }

  private func requireOneChain() throws {
    guard let first = files.first else { return }
    let chain = try chain(of: first)
    for file in files.dropFirst() { try chain.require(self.chain(of: file), paths: (first.path, file.path)) }
  }

  /// A prior by itself, or with one collection.
  private func priorPicture(_ collections: [PresetCollection]) throws -> Picture? {
    let priors = files.compactMap { if case .prior(let prior) = $0.content { prior } else { nil } }
    guard let prior = priors.first, priors.count == 1, files.count == 1 + collections.count, collections.count <= 1
    else { return nil }
    return Picture(
      figure: try PriorFigure(prior, seed: seed, presets: collections.first).figure(), title: "Prior",
      caption: collections.isEmpty
        ? "spread of its parameters and of its principal directions"
        : "spread beside that of the presets, and what the estimator shrank")
  }

  private func marginals() throws -> Picture {
    let sources = try files.map { file -> MarginalFigure.Source in
      switch file.content {
      case .presets(let presets): .init(name: file.name, logits: presets.theta, isPrior: false)
      case .posterior(let draws): .init(name: file.name, logits: draws.pooledLogits, isPrior: true)
      case .prior(let prior):
        .init(name: file.name, logits: prior.samples(PriorFigure.drawCount, seed: seed), isPrior: true)
      case .trace, .symmetries, .comparison, .calibration: throw CommandError("\(file.path) has no parameters.")
      }
    }
    let figure = try MarginalFigure(chain: chain(of: files[0]), sources: sources).figure(of: parameters)
    return Picture(
      figure: figure, title: "Parameters",
      caption: "\(parameters.joined(separator: ", ")) in \(sources.count) files")
  }

  // MARK: - Curves

  private func curves() throws -> Picture {
    let chain = try chain(of: files[0])
    let entries = try files.enumerated().flatMap { index, file in
      try lines(of: file, rows: index == 0 ? rows : [])
    }
    // Fans lie behind lines.
    let ordered = entries.filter { $0.logits.count > 1 } + entries.filter { $0.logits.count == 1 }
    let series = ordered.enumerated().map { index, entry in
      CurveFigure.Series(
        name: entry.logits.count > 1 ? "\(entry.name) (median, 50 %, 90 %)" : entry.name,
        colour: Figure.Colour.series(index), presets: entry.logits.map(chain.parameterSpace.values(ofLogits:)))
    }
    guard let figure = CurveFigure(chain: chain, series: series).together() else {
      throw CommandError("The chain of \(files[0].path) has no effect that curves are drawn of: use --parameter.")
    }
    return Picture(
      figure: figure, title: "Presets as curves", caption: ordered.map(\.name).joined(separator: ", "))
  }

  /// A line for each of a few presets, or a fan of many.
  private func lines(of file: PlotFile, rows: [String]) throws -> [(name: String, logits: [[Double]])] {
    func fan(_ matrix: Matrix) -> [[Double]] {
      stride(from: 0, to: matrix.rows, by: max(1, matrix.rows / Self.fanCount)).map(matrix.row)
    }
    switch file.content {
    case .presets(let presets):
      let chosen = try rows.map { try presets.row($0, path: file.path) }
      guard chosen.count <= Self.mostLines else {
        throw CommandError(
          "--row is given \(chosen.count) times but at most \(Self.mostLines) curves can be told apart.")
      }
      guard !chosen.isEmpty || presets.count <= Self.mostLines else { return [(file.name, fan(presets.theta))] }
      let shown = chosen.isEmpty ? Array(0..<presets.count) : chosen
      return try shown.map { row in
        let label = presets.count == 1 ? file.name : PrintableText.escaped(presets.label(of: row))
        return (label, [try presets.logits(ofRow: row, path: file.path)])
      }
    case .prior(let prior): return [(file.name, fan(prior.samples(Self.fanCount, seed: seed)))]
    case .posterior(let draws): return [(file.name, fan(draws.pooledLogits))]
    case .trace, .symmetries, .comparison, .calibration: return []
    }
  }
}
