import ArgumentParser
import FXParams
import LearnedEncoders
import NeuralCore
import NumericCore
import PresetRegression
import PresetStore
import PriorKit
import StyleFeatures
import Workflows

/// The methods of an evaluation, and what they choose from.
struct MethodOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("The methods, with commas; may be given several times.", valueName: "a,b"))
  var methods: [String]

  @Option(name: .long, help: ArgumentHelp("The prior of the mean and of transfers.", valueName: "prior"))
  var prior: String?

  @Option(name: .long, help: ArgumentHelp("The presets that neighbours are taken from.", valueName: "presets"))
  var collection: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A Gaussian prior whose covariance is the metric of Mahalanobis PMSE (default: --prior).", valueName: "prior")
  )
  var metric: String?

  @Option(name: .long, help: "The numbers that encoders with weights compute with.")
  var encoderPrecision: NeuralPrecision = .float32

  @Option(within: 1...86_400, help: "Seconds that an answer of an encoder's program may take.")
  var encoderTimeout = ProcessEncoderModel.patienceSeconds

  /// As they are spelt, in order.
  private var names: [String] { methods.flatMap { $0.split(separator: ",").map { String($0) } } }

  /// The methods by the names that they were given.
  var named: [(name: String, method: EvaluationMethod)] {
    names.compactMap { name in EvaluationMethod(name).map { (name, $0) } }
  }

  func validate() throws {
    guard !names.isEmpty else {
      throw ValidationError("--methods names no method: name one of \(EvaluationMethod.list).")
    }
    for name in names {
      guard let method = EvaluationMethod(name) else {
        throw ValidationError("--methods has \(name), which is none of \(EvaluationMethod.list).")
      }
      if method.needsPrior, prior == nil { throw ValidationError("The method \(name) needs a --prior.") }
      if method.needsCollection, collection == nil {
        throw ValidationError("The method \(name) chooses from presets: name them by --collection.")
      }
      if let encoder = method.encoder, EncoderSpecification(encoder) == nil {
        throw ValidationError(
          "The method \(name) names the encoder \(encoder), but there is none: name one as priorkit transfer "
            + "--encoder takes it.")
      }
    }
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw ValidationError("--methods names \(twice) twice: name it once.")
    }
    var files: [String: String] = [:]
    for name in names {
      if let other = files.updateValue(name, forKey: EvaluationAudio.fileName(name)) {
        throw ValidationError("\(other) and \(name) would have one file name: rename a file of theirs.")
      }
    }
  }

  /// What all methods read.
  var commonPaths: [String] { [prior, collection, metric].compactMap { $0 } }

  /// The files of single methods: weights of encoders, networks, conditional priors.
  private func files(of method: EvaluationMethod) -> [String] {
    (method.path.map { [$0] } ?? []) + (method.encoder.flatMap { EncoderSpecification($0)?.paths } ?? [])
  }

  /// Digests of the files of single methods, by the names of the methods.
  func digests() throws -> [String: String] {
    try Dictionary(
      uniqueKeysWithValues: named.compactMap { name, method in
        let files = files(of: method)
        guard !files.isEmpty else { return nil }
        return (name, try files.map { try Provenance.sha256(ofFile: $0) }.joined(separator: " "))
      })
  }

  func readPrior() throws -> Prior? { try prior.map { try PriorFile.read($0) } }

  /// Reads what the methods need.
  ///
  /// - Parameter chain: of the presets behind the tracks, if there are any.
  func context(chain: ChainDescription?, prior read: Prior?, console: Console) throws -> MethodContext {
    let neighbours = try collection.map { try PresetFile.read($0) }
    guard let common = read?.chain ?? chain ?? neighbours?.chain else {
      throw CommandError("Nothing tells the chain of effects: name a --prior, or the --presets of the tracks.")
    }
    func require(_ other: ChainDescription?, _ name: String) throws {
      guard other == nil || other == common else {
        throw CommandError(
          "\(name) and \(prior ?? "the others") are of different chains: use presets and priors of one chain.")
      }
    }
    try require(chain, "The presets of the tracks")
    try require(neighbours?.chain, collection ?? "")
    var context = MethodContext(chain: common, prior: read, collection: neighbours)
    if let metric {
      let other = try PriorFile.read(metric)
      try require(other.chain, metric)
      guard let gaussian = other.gaussian else {
        throw CommandError("\(metric) is not Gaussian, so it has no covariance to measure with: name one that is.")
      }
      context.metric = gaussian.cholesky
    }
    for (name, method) in named {
      if let encoder = method.encoder, context.encoders[encoder] == nil {
        guard let specification = EncoderSpecification(encoder) else { continue }
        let kind = try console.during("loading \(encoder)") {
          try specification.load(precision: encoderPrecision, patienceSeconds: encoderTimeout)
        }
        try kind.requireStyle()
        context.encoders[encoder] = kind
      }
      if let path = method.conditionalPath, context.conditional[path] == nil {
        let prior = try ConditionalPriorFile.read(path)
        try require(prior.chain, path)
        context.conditional[path] = prior
      }
      if case .regression(let path) = method {
        let model = try RegressionModel.load(path: path)
        guard model.parameterNames == common.parameterSpace.names, model.sampleRate == common.sampleRate else {
          throw CommandError("\(path) was trained on presets of another chain: train one on presets of this chain.")
        }
        console.message("\(name) was trained on \(model.trainedOn)")
        context.regression[path] = model
      }
      if let search = method.search, search.method.followsGradient {
        let effects = common.nonDifferentiableEffects
        guard effects.isEmpty else {
          throw CommandError(
            "\(effects.joined(separator: ", ")) of the chain has no gradient, which \(name) follows: "
              + "use \(name):cma-es.")
        }
      }
    }
    return context
  }
}
