import ArgumentParser
import FXParams
import NumericCore
import PriorKit
import Workflows

/// That a fit or a comparison is of conditional priors.
struct ConditionalOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "What the prior is conditional on: 'features' reads /features of the presets.", valueName: "features"))
  var given: String?

  @Option(within: 1...100_000, help: "Components that the features are reduced to (default: by cross-validation).")
  var components: Int?

  @Option(
    name: .customLong("simulated-from"),
    help: ArgumentHelp(
      "The Gaussian prior that the pairs were simulated from: the marginal of reduced-rank, known.",
      valueName: "prior"))
  var simulatedFrom: String?

  func validate() throws {
    if let given, given != "features" {
      throw ValidationError(
        "--given is \(given), but a prior is conditional on features only: use --given features.")
    }
    guard components == nil || given != nil else {
      throw ValidationError("--components is for conditional priors: use it with --given features.")
    }
    guard simulatedFrom == nil || given != nil else {
      throw ValidationError("--simulated-from is for conditional priors: use it with --given features.")
    }
  }

  var isConditional: Bool { given != nil }

  /// How many components are tried.
  var candidates: [Int] { components.map { [$0] } ?? ConditionalFitter.usualCandidates }

  /// The families named, with their search for components.
  ///
  /// - Parameter path: the presets, of the chain given.
  func fitters(_ names: [String], chain: ChainDescription, path: String) throws -> [ConditionalFitter] {
    let marginal = try knownMarginal(chain: chain, path: path)
    return try names.map {
      try ConditionalCatalogue.fitter(named: $0, candidates: candidates, marginal: marginal)
    }
  }

  /// The families listed, or all, each followed by itself without features.
  func estimators(
    listed list: String?, chain: ChainDescription, path: String
  ) throws -> [any ComparedEstimator] {
    let names = try list.map { try EstimatorCatalogue.names(listed: $0) } ?? ConditionalCatalogue.names
    return try fitters(names, chain: chain, path: path).flatMap { [$0, $0.unconditional] }
  }

  private func knownMarginal(chain: ChainDescription, path: String) throws -> MultivariateNormal? {
    guard let simulatedFrom else { return nil }
    let prior = try PriorFile.read(simulatedFrom)
    try chain.require(prior.chain, paths: (path, simulatedFrom))
    guard let normal = prior.distribution as? MultivariateNormal else {
      throw CommandError("\(simulatedFrom) is not Gaussian, as reduced-rank needs it: leave out --simulated-from.")
    }
    return normal
  }
}

extension ConditionalCatalogue {
  /// A line a family.
  static var listing: String {
    var table = TextTable([("conditional family", .left), ("what it is", .left)])
    for entry in entries { table.append([entry.estimator.name, entry.description]) }
    return table.text
  }
}
