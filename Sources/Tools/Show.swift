import ArgumentParser
import FXParams
import HDF5Store
import Inference
import PresetRegression
import PresetStore
import PriorKit
import Workflows

/// `priorkit show`: what a file holds.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a preset, prior, statistics or posterior file or a regression network holds.",
    discussion: """
      EXAMPLES:
        priorkit show presets.h5
        priorkit show prior.h5 --json
        priorkit show regression.safetensors
      """)

  @Argument(help: "The file.")
  var file: String

  @OptionGroup var format: JSONOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    if RegressionModel.isOne(path: file) {
      let summary = RegressionSummary(of: try RegressionModel.load(path: file))
      return try Console.standardOutput(summary.text(isJSON: format.json))
    }
    let text =
      switch try StoredKind(of: file) {
      case .presets: try PresetSummary(of: PresetFile.read(file)).text(isJSON: format.json)
      case .statistics: try StatisticsSummary(of: StatisticsFile.read(file)).text(isJSON: format.json)
      case .posterior: try PosteriorSummary(of: PosteriorFile.read(file)).text(isJSON: format.json)
      case .prior: try PriorSummary(of: PriorFile.read(file)).text(isJSON: format.json)
      case .conditional: try ConditionalSummary(of: ConditionalPriorFile.read(file)).text(isJSON: format.json)
      }
    try Console.standardOutput(text)
  }
}
