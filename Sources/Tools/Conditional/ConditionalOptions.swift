import ArgumentParser
import Distributions
import FXParams
import NumericCore
import PresetStore
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

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The prior that synthetic-likelihood multiplies (default: one fitted to the presets of the pairs).",
      valueName: "prior"))
  var prior: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Pairs of real presets, which synthetic-likelihood measures its errors by.", valueName: "pairs"))
  var real: String?

  @Option(
    within: 0.01...1e6,
    help: """
      What synthetic-likelihood multiplies its covariance by: 1 for presets like those of the pairs, more for other
      collections (default: 8).
      """)
  var inflation: Double?

  func validate() throws {
    if let given, given != "features" {
      throw ValidationError(
        "--given is \(given), but a prior is conditional on features only: use --given features.")
    }
    let dependent = [
      ("components", components != nil), ("prior", prior != nil), ("inflation", inflation != nil),
      ("real", real != nil), ("simulated-from", simulatedFrom != nil),
    ]
    if given == nil, let (name, _) = dependent.first(where: { $0.1 }) {
      throw ValidationError("--\(name) is for conditional priors: use it with --given features.")
    }
  }

  var isConditional: Bool { given != nil }

  /// How many components are tried.
  var candidates: [Int] { components.map { [$0] } ?? ConditionalFitter.usualCandidates }

  /// The families named, with their search for components.
  ///
  /// - Parameters:
  ///   - presets: what is fitted to.
  ///   - path: their file.
  func fitters(_ names: [String], presets: PresetCollection, path: String) throws -> [ConditionalFitter] {
    let marginal = try knownMarginal(chain: presets.chain, path: path)
    let isSynthetic = names.contains(SyntheticLikelihoodEstimator.familyName)
    let foreign = prior != nil ? "--prior" : real != nil ? "--real" : inflation != nil ? "--inflation" : nil
    if let foreign, !isSynthetic {
      throw CommandError(
        "\(foreign) is for \(SyntheticLikelihoodEstimator.familyName), not for "
          + "\(names.joined(separator: ", ")): leave it out.")
    }
    let known = try prior.map { file in
      let read = try PriorFile.read(file)
      try presets.chain.require(read.chain, paths: (path, file))
      guard read.pinnedPositions.isEmpty, !(read.distribution is OrbitSum) else {
        throw CommandError(
          "\(file) has given parameters or sums over orbits: name the prior that it was made of by --prior.")
      }
      return read.distribution
    }
    let found = try real.map { try realPairs($0, like: presets, path: path) }
    return try names.map {
      try ConditionalCatalogue.fitter(
        named: $0, candidates: candidates, marginal: marginal, prior: known, real: found,
        inflation: inflation)
    }
  }

  /// The files that are read beside the presets.
  var paths: [String] { files.map(\.path) }

  /// The same with what each is, so that one is not taken for another.
  var files: [(role: String, path: String)] {
    [("", simulatedFrom), ("prior ", prior), ("real ", real)].compactMap { role, path in path.map { (role, $0) } }
  }

  private func realPairs(
    _ file: String, like presets: PresetCollection, path: String
  ) throws -> ConditionalData {
    let pairs = try PresetFile.read(file)
    try presets.chain.require(pairs.chain, paths: (path, file))
    try pairs.requireFeatures(of: presets, path: file)
    return try ConditionalData(presets: pairs, path: file)
  }

  /// The families listed, or all, each followed by itself without features.
  func estimators(
    listed list: String?, presets: PresetCollection, path: String
  ) throws -> [any ComparedEstimator] {
    let names = try list.map { try EstimatorCatalogue.names(listed: $0) } ?? ConditionalCatalogue.names
    return try fitters(names, presets: presets, path: path).flatMap { [$0, $0.unconditional] }
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
  static var listed: [EstimatorCatalogue.Listed] {
    entries.map { .init(name: $0.estimator.name, shortName: nil, description: $0.description) }
  }

  static var listing: String {
    var table = TextTable([("conditional family", .left), ("what it is", .left)])
    for entry in entries { table.append([entry.estimator.name, entry.description]) }
    return table.text
  }
}
