import Evaluation
import FXParams
import NumericCore
public import PresetStore
import Retrieval

/// Where a retrieval begins.
public enum RetrievalStart: Sendable {
  /// A chain that hardly changes the sound (`PublishedStart`).
  case published
  /// A point: the mean of a prior, or of p(theta | y).
  case logits([Double])
  /// The preset with the least loss on one chunk.
  case nearest(PresetCollection)

  /// - Throws: ``InterruptedError``; `ParameterError` for a preset that effects cannot be computed with.
  func logits(for retrieval: PresetRetrieval, monitor: some WorkMonitor) throws -> [Double] {
    switch self {
    case .published:
      return PublishedStart.logits(
        for: retrieval.chain, seed: retrieval.seed, stream: retrieval.startStream)
    case .logits(let logits): return logits
    case .nearest(let presets): return try nearest(presets, to: retrieval, monitor)
    }
  }

  private func nearest(
    _ presets: PresetCollection, to retrieval: PresetRetrieval, _ monitor: some WorkMonitor
  ) throws -> [Double] {
    // One chunk tells presets apart, and is what a search over hundreds can afford.
    let chunks = retrieval.pair.chunks
    let loss = try RetrievalLoss<Float>(
      chain: retrieval.chain, chunks: [chunks[chunks.count / 2]], threads: retrieval.threads)
    let progress = monitor.progress("start", total: presets.count)
    defer { progress.finish() }
    var best: (row: Int, total: Double)?
    try monitor.cancellable {
      for row in 0..<presets.count {
        try monitor.requireNotCancelled()
        let logits = Array(presets.theta.row(row))
        try retrieval.chain.parameterSpace.requireUsable(logits: logits)
        let total = loss.terms(at: logits).total(loss.weights)
        if total < best?.total ?? .infinity { best = (row, total) }
        progress.advance(note: "loss \(NumberText.short(best?.total ?? total))")
      }
    }
    guard let best else { preconditionFailure("No presets") }
    monitor.message("begins at preset \(presets.label(of: best.row)), loss \(NumberText.short(best.total))")
    return Array(presets.theta.row(best.row))
  }
}
