import ArgumentParser
import FXParams
import NumericCore
import PresetStore
import PriorKit
import Workflows

/// Where an optimisation starts.
struct StartOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Start at the mean of this prior, which may be conditional, or at row 0 of this preset file (default: the "
        + "prior's mean).", valueName: "file"))
  var start: String?

  /// The files that are read.
  var paths: [String] { start.map { [$0] } ?? [] }

  /// The logits to start from; what `prior` pins stays pinned.
  func point(for prior: Prior, style: StyleOptions, console: Console) throws -> [Double] {
    guard let start else { return prior.mean }
    let (chain, logits) = try read(
      start, style: style, acceptsVaryingShape: prior.patterns != nil, console: console)
    try chain.require(prior.chain, paths: (start, style.prior))
    let mean = prior.mean
    // What a preset lacks starts at the mean, for patterns that have it.
    var point = zip(logits, mean).map { $0.isNaN ? $1 : $0 }
    for position in prior.pinnedPositions { point[position] = mean[position] }
    return point
  }

  private func read(
    _ path: String, style: StyleOptions, acceptsVaryingShape: Bool, console: Console
  ) throws -> (ChainDescription, [Double]) {
    switch try StoredKind(of: path) {
    case .presets:
      let presets = try PresetFile.read(path, acceptsVaryingShape: acceptsVaryingShape)
      guard presets.patterns == nil else { return (presets.chain, presets.theta.row(0)) }
      return (presets.chain, try presets.logits(ofRow: 0, path: path))
    case .prior:
      let prior = try PriorFile.read(path, acceptsVaryingShape: acceptsVaryingShape)
      return (prior.chain, prior.mean)
    case .conditional:
      let prior = try style.conditions.prior(at: path, dry: style.dry, wet: style.reference, console: console)
      return (prior.chain, prior.mean)
    case .statistics, .posterior:
      throw CommandError("\(path) holds neither a prior nor presets to start from: name one of those.")
    }
  }
}
