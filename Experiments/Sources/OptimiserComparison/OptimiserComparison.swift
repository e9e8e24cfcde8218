import ArgumentParser
import AudioFiles
import FXChain
import FXParams
import Foundation
import Inference
import NumericCore
import PresetStore
import PriorKit
import StyleFeatures
import TransferSetting

/// How soon optimisers reach the loss of the published run, on the ten transfers of `TransferTable`.
@main
struct OptimiserComparison: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Count the evaluations that optimisers need for the loss of 1000 Adam steps.",
    discussion: """
      EXAMPLE:
        swift run -c release --package-path Experiments OptimiserComparison \\
          --methods adam lbfgs adam-white --evaluations 1000 prior.h5 medleydb.h5 vocal.wav

      Prints a line a preset and method: the loss at 10, 20, 40, ... evaluations (the least so far), the
      evaluation that came within 0.005 of the target, and seconds. Targets are the last losses of 1000
      Adam steps: give them with --targets, one a row, or run --methods adam first, which ends with them.
      """)

  @Argument(help: "The prior file.") var prior: String
  @Argument(help: "The preset file that the hidden presets come from.") var presets: String
  @Argument(help: "The dry vocal.") var vocal: String
  @Option(parsing: .upToNextOption, help: "Rows of the preset file.") var rows = [
    0, 7, 14, 21, 28, 35, 42, 49, 56, 63,
  ]
  @Option(
    parsing: .upToNextOption,
    help: "adam, adam-white[:RATE], lbfgs[:CURVATURE], lbfgs-plain[:CURVATURE], cma, cma-diagonal.")
  var methods = ["lbfgs"]
  @Option(parsing: .upToNextOption, help: "Target losses, one a row.") var targets: [Double] = []
  @Option(help: "Evaluations of each run.") var evaluations = 80
  @Option(help: "Weight of the prior.") var alpha = 0.1
  @Option(help: "Length of a segment in seconds.") var segmentSeconds = 1.5
  @Option(help: "Threads.") var threads = 1

  func run() throws {
    let prior = try PriorFile.read(prior)
    let collection = try PresetFile.read(presets)
    let dry = try AudioReader.read(path: vocal).mono().resampled(to: prior.chain.sampleRate)
      .normalised(toLUFS: -18, source: vocal)
    let bench = try TransferBench(prior: prior, dry: dry, segmentSeconds: segmentSeconds, threads: threads)
    let white = try WhiteCoordinates(whitening: prior.distribution)
    let marks = [10, 20, 30, 40, 60, 80, 120, 200, 500, 1000, 2000, 5000].filter { $0 <= evaluations }
    print((["row", "method"] + marks.map(String.init) + ["last", "reached", "seconds"]).joined(separator: "\t"))
    for (index, row) in rows.enumerated() {
      let wet = bench.render(collection.theta.row(row))
      for method in methods {
        let density = try bench.posterior(wet: wet, encoder: .mfcc, alpha: alpha)
        let begin = Date()
        let path = try losses(method, of: density, start: prior.mean, white: white)
        let best = path.indices.reduce(into: [Double]()) { $0.append(min($0.last ?? .infinity, path[$1])) }
        let reached = index < targets.count ? best.firstIndex { $0 <= targets[index] + 0.005 } : nil
        let cells = marks.map { $0 <= best.count ? String(format: "%.4f", best[$0 - 1]) : "" }
        let end = [String(format: "%.5f", path.last ?? .nan), reached.map { String($0 + 1) } ?? "-"]
        let seconds = String(format: "%.1f", Date().timeIntervalSince(begin))
        let line = ([String(row), method] + cells + end + [seconds]).joined(separator: "\t")
        // Not buffered: a run is worth reading before the last one ends.
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
      }
    }
  }

  /// The losses of a run in the order of their evaluation, the last iterate's included.
  private func losses(
    _ method: String, of density: StylePosterior, start: [Double], white: WhiteCoordinates
  ) throws -> [Double] {
    let parts = method.split(separator: ":").map(String.init)
    let numbers = parts.dropFirst().compactMap(Double.init)
    switch parts[0] {
    case "adam": return try run(Adam(learningRate: numbers.first ?? 0.01), density, start)
    case "adam-white":
      return try run(Whitened(Adam(learningRate: numbers.first ?? 0.1), coordinates: white), density, start)
    case "lbfgs":
      let method = ScanningLBFGS(
        curvature: numbers.first ?? density.weights.expectedCurvature,
        oscillatoryPositions: density.oscillatoryPositions,
        coordinates: white)
      return try run(Whitened(method, coordinates: white), density, start)
    case "lbfgs-plain":
      let method = LBFGS(curvature: numbers.first ?? density.weights.expectedCurvature)
      return try run(Whitened(method, coordinates: white), density, start)
    case "cma":
      return try run(Whitened(CMAES(firstSigma: numbers.first ?? 0.3), coordinates: white), density, start)
    case "cma-diagonal":
      let diagonal = try white.withoutCorrelations()
      return try run(Whitened(CMAES(firstSigma: numbers.first ?? 0.3), coordinates: diagonal), density, start)
    default:
      throw ValidationError(
        "--methods has \(method): use adam, adam-white, lbfgs, lbfgs-plain, cma or cma-diagonal.")
    }
  }

  private func run(_ method: some Optimiser, _ density: StylePosterior, _ start: [Double]) throws -> [Double] {
    let driver = MaximumAPosteriori(optimiser: method, steps: evaluations)
    var state = try driver.makeState(from: start)
    let result = try driver.run(density, state: &state).result
    return state.trace.loss + (result.map { [$0.last.loss] } ?? [])
  }
}
