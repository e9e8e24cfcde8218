import Evaluation
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

  /// - Throws: ``InterruptedError``.
  func logits(for loss: RetrievalLoss<Float>, seed: UInt64, monitor: some WorkMonitor) throws -> [Double] {
    switch self {
    case .published: return PublishedStart.logits(for: loss.chain, seed: seed)
    case .logits(let logits): return logits
    case .nearest(let presets):
      let progress = monitor.progress("start", total: presets.count)
      defer { progress.finish() }
      // One chunk tells presets apart, and is what a search over hundreds can afford.
      let chunk = [loss.chunks.count / 2]
      var best: (row: Int, total: Double)?
      try monitor.cancellable {
        for row in 0..<presets.count {
          try monitor.requireNotCancelled()
          let total = loss.terms(at: Array(presets.theta.row(row)), chunks: chunk).total(loss.weights)
          if total < best?.total ?? .infinity { best = (row, total) }
          progress.advance(note: "loss \(NumberText.short(best?.total ?? total))")
        }
      }
      guard let best else { preconditionFailure("No presets") }
      monitor.message("begins at preset \(presets.label(of: best.row)), loss \(NumberText.short(best.total))")
      return Array(presets.theta.row(best.row))
    }
  }

  /// What a state depends on.
  var text: String {
    switch self {
    case .published: "published"
    case .logits(let logits): "\(logits)"
    case .nearest(let presets): "nearest of \(presets.count)"
    }
  }
}
