import ArgumentParser
import FXParams
import Inference
import PresetStore
import PriorKit
import Workflows

/// How presets are retrieved from recordings.
struct RetrievalOptions: ParsableArguments {
  enum Method: String, CaseIterable, ExpressibleByArgument {
    case fast, adam

    var method: RetrievalMethod { self == .fast ? .fast : .published }
  }

  private static let usual = RetrievalSettings()

  @Option(
    name: .long, help: ArgumentHelp("The effects (default: the prior's, or the DiffVox chain).", valueName: "yaml"))
  var chain: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A prior: the coordinates of the search, and with --alpha a term of the objective. A conditional one is "
        + "given the processed recording.", valueName: "file"))
  var prior: String?

  @OptionGroup var conditions: GivenOptions

  @Option(within: 0...1e6, help: "The weight of the log prior; 0 leaves it out of the objective.")
  var alpha = 0.0

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Where to begin: published, prior (its mean), or the preset of a file with the least loss.",
      valueName: "published|prior|file"))
  var start = "published"

  @Option(name: .long, help: "fast: Adam, then L-BFGS, in scaled coordinates; adam: the published schedule.")
  var optimiser: Method = .fast

  @Option(within: 1...10_000_000, help: "Evaluations at most (default: fast 200, adam 2000).")
  var steps: Int?

  @Option(within: 0...1000, help: "Delay times that fast tries; 0 to keep that of the start.")
  var echoes = 6

  @Option(within: 1...1_000_000, help: "Use so many chunks at most, evenly spaced over those that count.")
  var chunks: Int?

  @Option(within: 0.1...3600, help: "Length of a chunk.")
  var chunkSeconds = usual.chunkSeconds

  @Option(within: 0...3600, help: "The beginning of a chunk that is rendered and not measured.")
  var warmUpSeconds = usual.warmUpSeconds

  @Flag(name: .long, help: "Refuse pairs that are doubtful to belong together instead of warning.")
  var refuseDoubtful = false

  var settings: RetrievalSettings {
    var settings = RetrievalSettings()
    settings.chunkSeconds = chunkSeconds
    settings.warmUpSeconds = warmUpSeconds
    settings.maximumChunks = chunks
    settings.refusesDoubtful = refuseDoubtful
    return settings
  }

  /// The files that every pair needs.
  var paths: [String] {
    [chain, prior].compactMap { $0 } + conditions.paths + (["published", "prior"].contains(start) ? [] : [start])
  }

  func validate() throws {
    guard warmUpSeconds < chunkSeconds else {
      throw ValidationError("--warm-up-seconds must be less than --chunk-seconds, so that something is measured.")
    }
    guard alpha == 0 || prior != nil else {
      throw ValidationError("--alpha weighs a prior: name one with --prior.")
    }
    guard start != "prior" || prior != nil else {
      throw ValidationError("--start prior begins at the mean of a prior: name one with --prior.")
    }
    guard chain == nil || prior == nil else {
      throw ValidationError("--chain and --prior both say the effects: use one.")
    }
  }

  // MARK: - What is read once for all pairs

  /// The effects of every pair.
  func effects() throws -> ChainDescription {
    if let prior {
      switch try StoredKind(of: prior) {
      case .conditional: return try ConditionalPriorFile.read(prior).chain
      default: return try PriorFile.read(prior).chain
      }
    }
    guard let chain else { return .diffVox }
    do { return try ChainDescription.load(TextFile.read(chain)) } catch let error as ParameterError {
      throw CommandError("\(chain) cannot be used: \(error)")
    }
  }

  /// The retrieval of one pair.
  func retrieval(
    _ pair: RetrievalPair, chain: ChainDescription, seed: UInt64, threads: Int, console: Console
  ) throws -> PresetRetrieval {
    var retrieval = PresetRetrieval(pair, chain: chain, method: optimiser.method)
    retrieval.stepLimit = steps ?? retrieval.stepLimit
    retrieval.alpha = alpha
    retrieval.echoCandidates = echoes
    retrieval.seed = seed
    retrieval.threads = threads
    if let prior {
      retrieval.prior = try conditions.prior(
        at: prior, isNeeded: false, dry: [pair.paths.dry], wet: [pair.paths.wet], console: console)
    }
    switch start {
    case "published": break
    case "prior": retrieval.start = retrieval.prior.map { .logits($0.mean) } ?? .published
    default:
      let presets = try PresetFile.read(start)
      try presets.chain.require(chain, paths: (start, prior ?? self.chain ?? "the DiffVox chain"))
      retrieval.start = .nearest(presets)
    }
    return retrieval
  }
}
