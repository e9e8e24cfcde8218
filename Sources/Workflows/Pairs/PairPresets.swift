import Distributions
public import FXParams
import Foundation
package import NumericCore
public import PresetStore
public import PriorKit

/// Where the presets of simulated pairs come from: draws of priors, rows of collections, or several of both in
/// turn.
public struct PairPresets: Sendable {
  /// One source.
  public enum Source: Sendable {
    /// Draw after draw.
    case prior(Prior)
    /// Row after row, and from the first again.
    case presets(PresetCollection)
  }

  /// With K sources, pair i is of source i mod K: draw i of a prior, or row i / K of a collection.
  public let sources: [Source]
  /// Of the chain that all sources have.
  public let chain: ChainDescription
  /// The variance of draws is multiplied by this: a draw x becomes mean + sqrt(T) (x - mean). Positive.
  public var temperature = 1.0
  /// Rows of collections are moved by normal deviates of this many standard deviations of the collection, logit by
  /// logit. Not negative.
  public var jitter = 0.0

  /// One prior.
  public init(_ prior: Prior) { (sources, chain) = ([.prior(prior)], prior.chain) }

  /// Several sources.
  ///
  /// - Parameters:
  ///   - sources: at least one, none an empty collection.
  ///   - paths: their files, for errors.
  /// - Throws: `ChainError` for sources of different chains.
  public init(_ sources: [Source], paths: [String]) throws {
    precondition(!sources.isEmpty && sources.count == paths.count, "\(sources.count) sources, \(paths.count) paths")
    self.sources = sources
    chain = sources[0].chain
    for (source, path) in zip(sources, paths).dropFirst() {
      try chain.require(source.chain, paths: (paths[0], path))
    }
  }

  /// The pairs that take every row of every collection at least once: K times the rows of the longest, shorter ones
  /// beginning again. Nil if a source is a prior, whose draws do not end.
  public var rowCount: Int? {
    collections.map { ($0.map(\.count).max() ?? 0) * sources.count }
  }

  /// Whether every pair has the group, or the weight, of its preset.
  package var hasGroups: Bool { collections.map { $0.allSatisfy { $0.groups != nil } } ?? false }
  package var hasWeights: Bool { collections.map { $0.allSatisfy { $0.weights != nil } } ?? false }

  /// The sources, if all are collections.
  private var collections: [PresetCollection]? {
    let found = sources.compactMap { source in if case .presets(let presets) = source { presets } else { nil } }
    return found.count == sources.count ? found : nil
  }

  /// The logits of some pairs [rows.count, D].
  ///
  /// - Precondition: the rows are ascending and not negative.
  package func logits(rows: [Int], seed: UInt64, threads: Int) -> Matrix {
    var result = Matrix(rows: rows.count, columns: chain.parameterSpace.count)
    for (index, source) in sources.enumerated() {
      let positions = rows.indices.filter { rows[$0] % sources.count == index }
      let pairs = positions.map { rows[$0] }
      let logits =
        switch source {
        // Draws and moves have the stream of their pair: sources that are alike give other presets each.
        case .prior(let prior): spread(prior.samples(rows: pairs, seed: seed, threads: threads), about: prior.mean)
        case .presets(let presets):
          moved(
            presets.theta.selecting(rows: pairs.map { $0 / sources.count % presets.count }), of: presets,
            rows: pairs, seed: seed)
        }
      for (row, position) in positions.enumerated() {
        for column in 0..<result.columns { result[position, column] = logits[row, column] }
      }
    }
    return result
  }

  /// What a pair is called: `pair-7`, or after the preset, with how often it was taken before.
  package func label(of row: Int) -> String {
    guard let (presets, own) = preset(of: row) else { return "pair-\(row + 1)" }
    let file = sources.count > 1 ? "file-\(row % sources.count + 1)-" : ""
    let label = presets.labels.map { $0[own % presets.count] } ?? "\(file)row-\(own % presets.count)"
    return own < presets.count ? label : "\(label)/\(own / presets.count + 1)"
  }

  /// The group of the preset of a pair; nil where it has none.
  package func group(of row: Int) -> String? {
    preset(of: row).flatMap { presets, own in presets.groups.map { $0[own % presets.count] } }
  }

  /// The weight of the preset of a pair; nil where it has none.
  package func weight(of row: Int) -> Double? {
    preset(of: row).flatMap { presets, own in presets.weights.map { $0[own % presets.count] } }
  }

  /// What is the same for pairs of one preset, or of presets of one group, and for no others.
  package func unit(of row: Int) -> String {
    guard let (presets, own) = preset(of: row) else { return "\(row)" }
    let unit = group(of: row) ?? "\(own % presets.count)"
    return sources.count > 1 ? "\(row % sources.count)-\(unit)" : unit
  }

  private func preset(of row: Int) -> (presets: PresetCollection, row: Int)? {
    guard case .presets(let presets) = sources[row % sources.count] else { return nil }
    return (presets, row / sources.count)
  }

  private func spread(_ draws: Matrix, about mean: [Double]) -> Matrix {
    guard temperature != 1 else { return draws }
    let factor = temperature.squareRoot()
    return Matrix(
      rows: draws.rows, columns: draws.columns,
      values: (0..<draws.rows).flatMap { draws.row($0).spread(about: mean, by: factor) })
  }

  private func moved(_ logits: Matrix, of presets: PresetCollection, rows: [Int], seed: UInt64) -> Matrix {
    guard jitter > 0 else { return logits }
    let deviations = (0..<logits.columns).map { column in
      let values = (0..<presets.count).map { presets.theta[$0, column] }
      let mean = values.reduce(0, +) / Double(values.count)
      return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
    }
    var result = logits
    for (position, row) in rows.enumerated() {
      // Streams of another seed than those of draws and segments.
      var source = RandomSource(seed: seed ^ 0x117E_4117_E411_7E41, stream: UInt64(row))
      for column in 0..<logits.columns {
        result[position, column] += jitter * deviations[column] * source.nextNormal()
      }
    }
    return result
  }
}

extension PairPresets.Source {
  var chain: ChainDescription {
    switch self {
    case .prior(let prior): prior.chain
    case .presets(let presets): presets.chain
    }
  }
}
