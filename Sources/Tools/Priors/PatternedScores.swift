import FXParams
import NumericCore
import PresetStore
import PriorKit
import Workflows

/// Log densities of presets of varying shape, with the share that their pattern has in them.
struct PatternedScores {
  /// One preset, as JSON has it.
  struct Record: Encodable {
    let label: String
    /// In nats: of the pattern and of the logits of what it has.
    let logDensity: Double
    /// Absent for a prior that is not Gaussian.
    let mahalanobis: Double?
    /// In words.
    let pattern: String
    let logPatternProbability: Double
  }

  let records: [Record]

  /// - Throws: `PatternError.oneShape` for a prior of presets of one shape.
  init(of presets: PresetCollection, under prior: Prior) throws {
    guard let patterns = prior.patterns else { throw PatternError.oneShape }
    let own = (0..<presets.count).map { presets.pattern(of: $0) }
    let densities = try prior.logDensities(ofRows: presets.theta, patterns: own)
    if let row = densities.firstIndex(of: -.infinity) {
      throw PatternError.unknownPattern(presets.chain.words(for: own[row]))
    }
    var priors: [ChainPattern: Prior] = [:]
    for pattern in Set(own) { priors[pattern] = try prior.ofPattern(pattern) }
    records = own.indices.map { row in
      let squared = priors[own[row]]?.squaredMahalanobisDistance(to: presets.present(inRow: row).logits)
      return Record(
        label: presets.label(of: row), logDensity: densities[row], mahalanobis: squared.map { $0.squareRoot() },
        pattern: presets.chain.words(for: own[row]), logPatternProbability: patterns.logProbability(of: own[row]))
    }
  }

  /// The table of `priorkit score`.
  var csv: String {
    records.reduce(into: "label,log_density,mahalanobis,pattern,log_pattern_probability\n") { text, record in
      let cells = [
        CSVText.field(record.label), NumberText.full(record.logDensity),
        record.mahalanobis.map(NumberText.full) ?? "", CSVText.field(record.pattern),
        NumberText.full(record.logPatternProbability),
      ]
      text += cells.joined(separator: ",") + "\n"
    }
  }
}
