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

  @Option(within: 0...1000, help: "Delay times that fast tries; 0 to keep that of the start (default: 6).")
  var echoes: Int?

  @Option(within: 1...1_000_000, help: "Use so many chunks at most, evenly spaced over those that count.")
  var chunks: Int?

  @Option(within: 0.1...3600, help: "Length of a chunk.")
  var chunkSeconds = usual.chunkSeconds

  @Option(within: 0...3600, help: "The beginning of a chunk that is rendered and not measured.")
  var warmUpSeconds = usual.warmUpSeconds

  @Flag(name: .long, help: "Refuse pairs that are doubtful to belong together instead of warning.")
  var refuseDoubtful = false

  @Flag(name: .long, help: "Measure which parameters the recording determines, and how well.")
  var standardErrors = false

  var settings: RetrievalSettings {
    var settings = RetrievalSettings()
    settings.chunkSeconds = chunkSeconds
    settings.warmUpSeconds = warmUpSeconds
    settings.maximumChunks = chunks
    settings.refusesDoubtful = refuseDoubtful
    return settings
  }

  /// The presets to begin at the nearest of, if a file is named.
  private var startFile: String? { ["published", "prior"].contains(start) ? nil : start }

  /// The files that every pair needs.
  var paths: [String] { [chain, prior].compactMap { $0 } + conditions.paths + (startFile.map { [$0] } ?? []) }

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
    guard echoes == nil || optimiser == .fast else {
      throw ValidationError("--echoes is for --optimiser fast: leave it out.")
    }
    guard conditions.isEmpty || prior != nil else {
      throw ValidationError("What is given is for a conditional prior: name one with --prior.")
    }
    guard chain == nil || prior == nil else {
      throw ValidationError("--chain and --prior both say the effects: use one.")
    }
  }

  /// All that a preset depends on beside the recordings: a state, or a result, of something else must not be taken
  /// for that of these options.
  func problem(_ provenance: Provenance) -> String {
    "retrieval \(optimiser.rawValue) steps \(steps.map(String.init) ?? "usual") alpha \(alpha) "
      + "start \(startFile == nil ? start : "nearest") "
      + "echoes \(echoes.map(String.init) ?? "usual") \(settings.text)\(conditions.fingerprint) "
      + "seed \(provenance.seed ?? 0) files \(provenance.inputs.map(\.sha256).joined(separator: " "))"
  }

  // MARK: - What is read once for all pairs

  /// What does not depend on the pair.
  struct Common {
    var chain: ChainDescription
    /// Nil also for a conditional one, which is another one for each pair.
    var prior: Prior?
    var start: RetrievalStart
  }

  /// Reads what all pairs share, and checks it.
  func common() throws -> Common {
    var common = Common(chain: .diffVox, prior: nil, start: .published)
    if let prior {
      if case .conditional = try StoredKind(of: prior) {
        common.chain = try ConditionalPriorFile.read(prior).chain
      } else {
        guard conditions.isEmpty else {
          throw CommandError("\(prior) is not conditional, so nothing can be given to it: leave that out.")
        }
        let read = try PriorFile.read(prior)
        (common.chain, common.prior) = (read.chain, read)
      }
    } else if let chain {
      common.chain = try .read(chain)
    }
    if let startFile {
      let presets = try PresetFile.read(startFile)
      try presets.chain.require(common.chain, paths: (startFile, prior ?? chain ?? "the DiffVox chain"))
      for row in 0..<presets.count { _ = try presets.logits(ofRow: row, path: startFile) }
      common.start = .nearest(presets)
    }
    return common
  }

  /// The retrieval of one pair.
  func retrieval(
    _ pair: RetrievalPair, name: String, common: Common, seed: UInt64, threads: Int, console: Console
  ) throws -> PresetRetrieval {
    var retrieval = PresetRetrieval(pair, chain: common.chain, method: optimiser.method)
    retrieval.stepLimit = steps ?? retrieval.stepLimit
    retrieval.alpha = alpha
    retrieval.echoCandidates = echoes ?? retrieval.echoCandidates
    retrieval.seed = seed
    retrieval.startStream = Self.stream(of: name)
    retrieval.threads = threads
    retrieval.start = common.start
    retrieval.prior = common.prior
    if let prior, common.prior == nil {
      retrieval.prior = try conditions.prior(
        at: prior, dry: [pair.paths.dry], wet: [pair.paths.wet], console: console)
    }
    if start == "prior", let prior = retrieval.prior { retrieval.start = .logits(prior.mean) }
    return retrieval
  }

  /// A stream of random numbers for each name: FNV-1a, 64 bits.
  private static func stream(of name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
