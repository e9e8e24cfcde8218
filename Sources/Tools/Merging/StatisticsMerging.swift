import FXParams
import FileOutput
import NumericCore
import PresetStore

/// Statistics of presets, whose sums are added.
enum StatisticsMerging {
  static func merge(_ request: MergeRequest) throws {
    try OutputFile.check(request.output, overwrite: request.overwrite)
    let paths = request.paths
    var merged = try StatisticsFile.read(paths[0])
    for path in paths.dropFirst() {
      let part = try StatisticsFile.read(path)
      guard part.chain == merged.chain else {
        throw CommandError("\(path) and \(paths[0]) are of different chains: merge statistics of one chain.")
      }
      merged.merge(part)
      guard merged.moments.isFinite else {
        throw CommandError(
          "The scatter of \(path) together with those before it is beyond any number: look for logits beyond 1e150."
        )
      }
    }
    try StreamedFit(output: request.output, overwrite: request.overwrite, console: request.console)
      .write(merged, .ofThisCommand(inputs: paths), statisticsOnly: request.statisticsOnly)
  }
}
