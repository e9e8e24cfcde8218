import FXParams
import NumericCore
import PresetStore
import PriorKit
import Workflows

/// The fit of a Gaussian to files of any size: their statistics, merged, then the prior.
struct StreamedFit {
  let output: String
  let overwrite: Bool
  let console: Console

  /// Statistics of a preset file, read once in blocks, and the record of this run. The hash of the file, which
  /// takes as long as the rest together, is taken meanwhile.
  func statistics(of presets: String, threads: Int) throws -> (PresetStatistics, Provenance) {
    let stream = try PresetStream(presets)
    let provenance = Future { try Provenance.ofThisCommand(inputs: [presets]) }
    let display = console.progress("fit", total: stream.blockCount)
    let statistics = try PresetStatistics(of: stream, threads: threads) { display.advance() }
    display.finish()
    let record = try provenance.value()
    try stream.requireIntact()
    return (statistics, record)
  }

  /// Writes statistics, or the prior that they give.
  func write(_ statistics: PresetStatistics, _ provenance: Provenance, statisticsOnly: Bool) throws {
    if statisticsOnly {
      try StatisticsFile.write(statistics, to: output, provenance: provenance, overwrite: overwrite)
    } else {
      let prior = try GaussianEstimator.unbiased.fit(statistics)
      try PriorFile.write(prior, to: output, provenance: provenance, overwrite: overwrite)
    }
    console.message(
      "\(output): \(statisticsOnly ? "statistics of" : "a Gaussian over") \(statistics.dimension) parameters, "
        + "from \(statistics.count) presets")
  }
}
