import ArgumentParser
import AudioFiles
import Evaluation
import FXChain
import FXParams
import Foundation
import Inference
import NumericCore
import PresetStore
import PriorKit
import StyleFeatures
import TransferSetting

/// What symmetries are worth where presets are sought: transfers under the published prior as it is, under one
/// fitted to canonical presets, and under both summed over orbits; and how far runs from different copies of a
/// start end apart.
@main
struct SymmetryTransfers: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Transfer hidden presets under priors with and without symmetries.",
    discussion: """
      EXAMPLE:
        swift run -c release --package-path Experiments SymmetryTransfers presets.h5 medleydb.h5 vocal.wav

      Prints Markdown tables: losses, PMSE as it is and over the orbit, and distances of the sound; then the spread
      of runs from copies of the prior's mean, as far as --copies asks for them.
      """)

  @Argument(help: "The preset file that priors are fitted to.") var presets: String
  @Argument(help: "The preset file that the hidden presets come from.") var hidden: String
  @Argument(help: "The dry vocal.") var vocal: String
  @Option(help: "Rows of the hidden presets.") var rows = [0, 7, 14, 21, 28, 35, 42, 49, 56, 63]
  @Option(help: "Weight of the prior.") var alpha = 0.1
  @Option(help: "Steps of Adam.") var steps = 200
  @Option(help: "Copies of the start for the spread; 0 leaves it out.") var copies = 4
  @Option(help: "Rows that the spread is measured on.") var spreadRows = [0]
  @Option(help: "Priors, by name (default: all).") var settings: [String] = []
  @Option(help: "Length of a segment in seconds.") var segmentSeconds = 1.5
  @Option(help: "Threads.") var threads = 1

  private struct Setting {
    let name: String
    let prior: Prior
    let start: [Double]
  }

  func run() throws {
    let collection = try PresetFile.read(presets)
    let targets = try PresetFile.read(hidden)
    let canonicaliser = Canonicaliser(collection.chain)
    let canonical = try Canonicalisation(of: collection, by: canonicaliser, threads: threads).presets
    let raw = try GaussianEstimator.unbiased.fit(collection)
    let aligned = try GaussianEstimator.unbiased.fit(canonical)
    let all = [
      Setting(name: "published", prior: raw, start: raw.mean),
      Setting(name: "canonical", prior: aligned, start: aligned.mean),
      Setting(name: "published, orbit sum", prior: try raw.summedOverOrbits(), start: raw.mean),
      Setting(name: "canonical, orbit sum", prior: try aligned.summedOverOrbits(), start: aligned.mean),
    ]
    let settings = all.filter { self.settings.isEmpty || self.settings.contains($0.name) }
    let quotient = QuotientDistance(collection.chain)
    let dry = try AudioReader.read(path: vocal).mono().resampled(to: collection.chain.sampleRate)
      .normalised(toLUFS: -18, source: vocal)
    print(
      "| preset | setting | likelihood loss | PMSE | PMSE over the orbit | MSS | MLDR |\n"
        + "|---|---|---|---|---|---|---|"
    )
    for row in rows {
      for setting in settings {
        let bench = try TransferBench(
          prior: setting.prior, dry: dry, segmentSeconds: segmentSeconds, threads: threads)
        let target = targets.theta.row(row)
        let wet = bench.render(target)
        let found = try bench.transfer(
          wet: wet, encoder: .mfcc, alpha: alpha, steps: steps, from: setting.start)
        let outcome = try bench.outcome(
          of: found.theta, hidden: target, wet: wet, label: "\(row)", setting: setting.name)
        let likelihood = found.endLoss + alpha * setting.prior.logDensity(at: found.theta)
        let atOrbit = quotient.meanSquaredError(found.theta, target)
        print(
          "| \(row) | \(setting.name) | "
            + [likelihood, outcome.parameterError, atOrbit, outcome.spectralDistance, outcome.dynamicDistance]
            .map { String(format: "%.3f", $0) }.joined(separator: " | ") + " |")
        fflush(nil)
      }
    }
    guard copies > 1 else { return }
    print(
      "\n| preset | setting | loss mean (spread) | PMSE between runs | PMSE between runs over the orbit |\n"
        + "|---|---|---|---|---|"
    )
    for row in spreadRows {
      for setting in settings { try spread(row, targets.theta.row(row), setting, dry: dry, quotient) }
    }
  }

  /// Runs from random copies of the start: a draw of the prior, since the mean nearly is its own copy.
  private func spread(
    _ row: Int, _ target: [Double], _ setting: Setting, dry: AudioBuffer, _ quotient: QuotientDistance
  ) throws {
    let bench = try TransferBench(prior: setting.prior, dry: dry, segmentSeconds: segmentSeconds, threads: threads)
    let wet = bench.render(target)
    let group = try setting.prior.chain.symmetries.exactGroup()
    var source = RandomSource(seed: UInt64(row))
    let start = setting.prior.sample(using: &source)
    var ends: [(theta: [Double], loss: Double)] = []
    while ends.count < copies {
      guard let copy = group.randomElement(using: &source).image(of: start)?.theta else { continue }
      let found = try bench.transfer(wet: wet, encoder: .mfcc, alpha: alpha, steps: steps, from: copy)
      ends.append((found.theta, found.endLoss))
    }
    let losses = ends.map(\.loss)
    let mean = losses.reduce(0, +) / Double(copies)
    let variance = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(copies - 1)
    let pairs = ends.indices.flatMap { first in (first + 1..<ends.count).map { (ends[first].theta, ends[$0].theta) }
    }
    func average(_ distance: ([Double], [Double]) -> Double) -> Double {
      pairs.reduce(0) { $0 + distance($1.0, $1.1) } / Double(max(pairs.count, 1))
    }
    let numbers = [average(ParameterDistance.meanSquaredError), average(quotient.meanSquaredError)]
    print(
      "| \(row) | \(setting.name) | \(String(format: "%.4f (%.5f)", mean, variance.squareRoot())) | "
        + numbers.map { String(format: "%.4f", $0) }.joined(separator: " | ") + " |")
    fflush(nil)
  }
}
