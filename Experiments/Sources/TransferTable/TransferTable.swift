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

/// A real transfer, in small: a vocal rendered with each of ten presets, its even segments as reference, the odd
/// ones dry as input; what is found is compared with the hidden preset and with the prior's mean.
@main
struct TransferTable: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Transfer the style of hidden presets back onto their dry vocal.",
    discussion: """
      EXAMPLES:
        swift run -c release --package-path Experiments TransferTable prior.h5 medleydb.h5 vocal.wav
        swift run -c release --package-path Experiments TransferTable other.h5 medleydb.h5 vocal.wav \\
          --name other --metric prior.h5 -o other.json
        swift run -c release --package-path Experiments TransferReport prior.json other.json

      Prints a Markdown table, one row per setting (medians and means over the presets), then one row per preset and
      setting. The vocal is normalised to -18 LUFS and used as mono; spectral and dynamic distances are those of the
      whole vocal rendered with the preset found against the one rendered with the hidden preset. Mahalanobis PMSE
      is in the metric of one Gaussian prior, so that it compares across priors. With -o the outcomes are also kept
      as JSON, anew after each, and TransferReport prints several such files as one table.
      """)

  @Argument(help: "The prior file.") var prior: String
  @Argument(help: "The preset file that the hidden presets come from.") var presets: String
  @Argument(help: "The dry vocal.") var vocal: String
  @Option(help: "What the prior is called in the table.") var name: String?
  @Option(help: "A file with the Gaussian prior whose covariance is the metric of Mahalanobis PMSE.")
  var metric: String?
  @Option(help: "Rows of the preset file.") var rows = [0, 7, 14, 21, 28, 35, 42, 49, 56, 63]
  @Option(help: "Encoders.") var encoders = ["mfcc", "mir"]
  @Option(help: "Weights of the prior.") var alphas = [0, 0.1]
  @Option(help: "Steps of Adam.") var steps = 200
  @Option(help: "Length of a segment in seconds.") var segmentSeconds = 1.5
  @Option(help: "Threads.") var threads = 2
  @Option(name: .shortAndLong, help: "Keep the outcomes in this JSON file.") var output: String?

  func run() throws {
    let prior = try PriorFile.read(prior)
    let collection = try PresetFile.read(presets)
    let dry = try AudioReader.read(path: vocal).mono().resampled(to: prior.chain.sampleRate)
      .normalised(toLUFS: -18, source: vocal)
    let bench = try TransferBench(
      prior: prior, metric: try metricFactor(), dry: dry, segmentSeconds: segmentSeconds, threads: threads)
    let suffix = name.map { ", \($0)" } ?? ""
    var outcomes: [TransferOutcome] = []
    for row in rows {
      let hidden = collection.theta.row(row)
      let label = collection.labels?[row] ?? String(row)
      let wet = bench.render(hidden)
      outcomes.append(
        try bench.outcome(of: prior.mean, hidden: hidden, wet: wet, label: label, setting: "prior mean" + suffix))
      for encoder in encoders.compactMap(StyleEncoderKind.init(rawValue:)) {
        for alpha in alphas {
          let found = try bench.transfer(wet: wet, encoder: encoder, alpha: alpha, steps: steps)
          let setting = "\(encoder.rawValue), alpha \(alpha)" + suffix
          var outcome = try bench.outcome(of: found.theta, hidden: hidden, wet: wet, label: label, setting: setting)
          (outcome.startLoss, outcome.endLoss) = (found.startLoss, found.endLoss)
          (outcome.startStyleLoss, outcome.endStyleLoss) = (found.startStyleLoss, found.endStyleLoss)
          outcomes.append(outcome)
          FileHandle.standardError.write(Data("\(label): \(setting)\n".utf8))
          if let output { try JSONEncoder().encode(outcomes).write(to: URL(fileURLWithPath: output)) }
        }
      }
    }
    print(TransferReport(outcomes).markdown)
  }

  /// The factorised covariance of the Gaussian in ``metric``.
  private func metricFactor() throws -> Cholesky? {
    guard let metric else { return nil }
    guard let normal = try PriorFile.read(metric).distribution as? MultivariateNormal else {
      throw ValidationError("\(metric) holds no Gaussian: name the prior of the published recipe.")
    }
    return normal.cholesky
  }
}
