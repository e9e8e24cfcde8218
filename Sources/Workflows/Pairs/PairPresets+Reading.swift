import FXParams
import NumericCore
import PresetStore
import PriorKit

extension PairPresets {
  /// Reads the sources: files of priors and of presets.
  ///
  /// - Throws: ``WorkflowError`` for a file that holds neither, for one without presets and for presets that cannot
  ///   be heard; `ChainError` for sources of different chains; what reading throws.
  package init(reading paths: [String]) throws {
    try self.init(try paths.map(Source.init(reading:)), paths: paths)
  }

  /// Whether a source is a prior, and whether one is a collection.
  package var hasPriors: Bool { sources.contains { if case .prior = $0 { true } else { false } } }
  package var hasRows: Bool { sources.contains { if case .presets = $0 { true } else { false } } }
}

extension PairPresets.Source {
  fileprivate init(reading path: String) throws {
    switch try StoredKind(of: path) {
    case .prior: self = .prior(try PriorFile.read(path))
    case .presets:
      let presets = try PresetFile.read(path)
      guard presets.count > 0 else {
        throw WorkflowError(.wrongContents, "\(path) has no presets: name a file that has some.")
      }
      for row in 0..<presets.count { try presets.chain.requireUsable(presets.theta.row(row), row: row, path: path) }
      self = .presets(presets)
    case .conditional, .statistics, .posterior:
      throw WorkflowError(.wrongContents, "\(path) holds neither presets nor a prior: name a file that does.")
    }
  }
}
