import ArgumentParser
import AudioFiles
import FXParams
import Foundation
import Inference
import PresetStore
import PriorKit
import StyleFeatures
import TransferSetting

/// What a stop rule saves and what it costs: long runs of the default optimiser, and where the rule would have
/// ended them.
@main
struct StopComparison: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run transfers for long and measure what stopping early would have given up.",
    discussion: """
      EXAMPLE:
        swift run -c release --package-path Experiments StopComparison prior.h5 medleydb.h5 vocal.wav \\
          --rows 0 7 14 --segment-seconds 3 --evaluations 100

      Prints a line a preset: evaluations until the rule is met; the loss there, and how much lower it is after all
      evaluations; PMSE, MSS and MLDR of the best point then and after all evaluations. The path depends on neither.
      """)

  @Argument(help: "The prior file.") var prior: String
  @Argument(help: "The preset file that the hidden presets come from.") var presets: String
  @Argument(help: "The dry vocal: its even segments are the reference, its odd ones the input.") var vocal: String
  @Option(parsing: .upToNextOption, help: "Rows of the preset file.") var rows = [
    0, 7, 14, 21, 28, 35, 42, 49, 56, 63,
  ]
  @Option(help: "Weight of the prior.") var alpha = 0.1
  @Option(help: "Length of a segment in seconds.") var segmentSeconds = 1.5
  @Option(help: "Evaluations of each run.") var evaluations = 100
  @Option(help: "The gain that counts as none.") var tolerance = 0.01
  @Option(help: "The evaluations in which it counts.") var patience = 12
  @Option(help: "L-BFGS's curvature in unseen directions (default: as in transfer).") var curvature: Double?
  @Option(help: "L-BFGS's growth of steps.") var growth = 1.5
  @Option(help: "Threads.") var threads = 2
  @Option(help: "A file to which the losses of each run are appended, one run a line.") var traces: String?

  func run() throws {
    let prior = try PriorFile.read(prior)
    let collection = try PresetFile.read(presets)
    let dry = try AudioReader.read(path: vocal).mono().resampled(to: prior.chain.sampleRate)
      .normalised(toLUFS: -18, source: vocal)
    let bench = try TransferBench(prior: prior, dry: dry, segmentSeconds: segmentSeconds, threads: threads)
    let white = try WhiteCoordinates(whitening: prior.distribution)
    let rule = StopRule(gain: tolerance, within: patience)
    let columns = [
      "row", "alpha", "start", "stop", "loss", "lower", "PMSE", "MSS", "MLDR", "PMSE", "MSS", "MLDR", "s",
    ]
    write(columns)
    for row in rows {
      let begin = Date()
      let hidden = collection.theta.row(row)
      let wet = bench.render(hidden)
      let density = try bench.posterior(wet: wet, encoder: .mfcc, alpha: alpha)
      let method = ScanningLBFGS(
        curvature: curvature ?? density.weights.expectedCurvature,
        oscillatoryPositions: density.oscillatoryPositions,
        coordinates: white, growth: growth)
      let driver = MaximumAPosteriori(optimiser: Whitened(method, coordinates: white), steps: evaluations)
      var state = try driver.makeState(from: prior.mean)
      _ = try driver.run(density, state: &state)
      let losses = state.trace.loss
      let stop = (1...losses.count).first { rule.isMet(by: Array(losses[..<$0])) } ?? losses.count
      func best(_ count: Int) -> Int { (0..<count).min { losses[$0] < losses[$1] } ?? 0 }
      func distances(_ step: Int) throws -> [Double] {
        let outcome = try bench.outcome(
          of: state.trace.theta(at: step), hidden: hidden, wet: wet, label: "\(row)", setting: "")
        return [outcome.parameterError, outcome.spectralDistance, outcome.dynamicDistance]
      }
      let (then, end) = (best(stop), best(losses.count))
      let numbers =
        [losses[0]] + [losses[then], losses[then] - losses[end]] + (try distances(then)) + (try distances(end))
      var cells = ["\(row)", "\(alpha)"] + numbers.map { String(format: "%.4f", $0) }
      cells.insert("\(stop)", at: 3)
      cells.append(String(format: "%.1f", Date().timeIntervalSince(begin)))
      write(cells)
      if let traces { try append("\(row)\t\(alpha)\t" + losses.map { "\($0)" }.joined(separator: " "), to: traces) }
    }
  }

  /// Not buffered: a run is worth reading before the last one ends.
  private func write(_ cells: [String]) {
    FileHandle.standardOutput.write(Data((cells.joined(separator: "\t") + "\n").utf8))
  }

  private func append(_ line: String, to path: String) throws {
    if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data((line + "\n").utf8))
    try file.close()
  }
}
