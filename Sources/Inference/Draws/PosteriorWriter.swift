import FXParams
import HDF5Store
import NumericCore
import PresetStore

/// Writes the groups of a posterior file.
struct PosteriorWriter {
  /// Statistics that are whole numbers.
  private static let integers: Set<String> = ["tree_depth", "n_steps"]

  private let draws: PosteriorDraws
  private let space: ParameterSpace
  private let variables: [PosteriorVariable]
  private let netCDF: NetCDFWriter
  private let date: String
  private let naming: PosteriorNaming

  init(_ draws: PosteriorDraws, netCDF: NetCDFWriter, date: String, naming: PosteriorNaming) {
    self.draws = draws
    self.naming = naming
    space = draws.chain.parameterSpace
    variables = PosteriorVariable.all(of: space)
    self.netCDF = netCDF
    self.date = date
  }

  // MARK: - Groups that ArviZ knows

  func writeSampleGroups() throws {
    let logits = draws.chains.map(\.logits)
    try writeParameters(logits, to: "posterior", scale: .physical)
    try writeParameters(logits, to: "unconstrained_posterior", scale: .logits)
    try writeStatistics(draws.chains.map(\.statistics), to: "sample_stats")
    try writeDensity(draws.chains.map(\.logPrior), variable: "preset", to: "log_prior")
    try writeDensity(draws.chains.map(\.logLikelihood), variable: "style", to: "log_likelihood")
    if let prior = draws.priorDraws { try writeParameters([prior], to: "prior", scale: .physical) }
    if !draws.observed.isEmpty { try writeObserved() }
    guard let count = draws.warmUp.first?.count, count > 0 else { return }
    try writeParameters(draws.warmUp.map(\.logits), to: "warmup_posterior", scale: .physical)
    try writeStatistics(draws.warmUp.map(\.statistics), to: "warmup_sample_stats")
  }

  /// A group over chains and draws, with the attributes that ArviZ 0.x and 1.x write.
  private func sampleGroup(_ name: String, chains: Int, draws count: Int) throws -> NetCDFGroup {
    let group = try netCDF.group(name)
    try describe(group)
    try group.set(["chain", "draw"], attribute: "sample_dims")
    try group.dimension("chain", count: chains)
    try group.dimension("draw", count: count)
    return group
  }

  private func describe(_ group: NetCDFGroup) throws {
    for prefix in ["inference_library", "creation_library"] {
      try group.set("priorkit", attribute: prefix)
      try group.set(Provenance.currentVersion, attribute: prefix + "_version")
    }
    try group.set("Swift", attribute: "creation_library_language")
    try group.set(date, attribute: "created_at")
    try group.set(draws.elapsedSeconds, attribute: "sampling_time")
    try group.set(Double(draws.warmUp.first?.count ?? 0), attribute: "tuning_steps")
  }

  private func writeParameters(_ chains: [Matrix], to name: String, scale: ValueScale) throws {
    let count = chains[0].rows
    let group = try sampleGroup(name, chains: chains.count, draws: count)
    let labelled = variables.filter { !$0.labels.isEmpty }
    let names = PosteriorNames(of: variables, naming: naming)
    for variable in labelled {
      try group.dimension(names[variable.dimension], labels: variable.labels)
      try keep(variable.dimension, in: group, as: names)
    }
    for variable in variables {
      var values: [Double] = []
      values.reserveCapacity(chains.count * count * variable.indices.count)
      for chain in chains {
        for row in 0..<count {
          for index in variable.indices {
            let logit = chain[row, index]
            values.append(scale == .logits ? logit : space.parameters[index].bijector.forward(logit))
          }
        }
      }
      let dimensions = ["chain", "draw"] + (variable.labels.isEmpty ? [] : [names[variable.dimension]])
      let name = names[variable.name]
      try group.write(values, dimensions: dimensions, to: name)
      try group.set(scale == .logits ? "logit" : variable.unit.rawValue, attribute: "units", of: name)
      try keep(variable.name, in: group, as: names)
    }
  }

  /// Keeps the own name of what may be stored under another.
  private func keep(_ name: String, in group: NetCDFGroup, as names: PosteriorNames) throws {
    guard naming == .identifiers else { return }
    try group.set(name, attribute: PosteriorNames.ownName, of: names[name])
  }

  private func writeStatistics(_ chains: [[String: [Double]]], to name: String) throws {
    let names = chains[0].keys.sorted()
    guard let first = names.first, let count = chains[0][first]?.count else { return }
    let group = try sampleGroup(name, chains: chains.count, draws: count)
    for name in names {
      let values = chains.flatMap { $0[name] ?? [] }
      let dimensions = ["chain", "draw"]
      let whole = values.compactMap { Int(exactly: $0) }
      if name == MarkovChainDraws.diverging {
        try group.write(values.map { $0 != 0 }, dimensions: dimensions, to: name)
      } else if Self.integers.contains(name), whole.count == values.count {
        try group.write(whole, dimensions: dimensions, to: name)
      } else {
        try group.write(values, dimensions: dimensions, to: name)
      }
    }
  }

  private func writeDensity(_ chains: [[Double]], variable: String, to name: String) throws {
    let group = try sampleGroup(name, chains: chains.count, draws: chains[0].count)
    try group.write(chains.flatMap { $0 }, dimensions: ["chain", "draw"], to: variable)
  }

  private func writeObserved() throws {
    let group = try netCDF.group("observed_data")
    try describe(group)
    let observed = draws.observed.sorted { $0.key < $1.key }
    let names = PosteriorNames(observed.map(\.key) + observed.map { $0.key + ".index" }, naming: naming)
    for (name, values) in observed {
      try group.dimension(names[name + ".index"], count: values.count)
      try keep(name + ".index", in: group, as: names)
      try group.write(values, dimensions: [names[name + ".index"]], to: names[name])
      try keep(name, in: group, as: names)
    }
  }

  // MARK: - Our own group

  /// - Precondition: the group has the dimension `names`.
  func writeOwn(to group: NetCDFGroup) throws {
    if naming == .identifiers {
      try group.set(PosteriorNames.identifiers, attribute: PosteriorNames.attribute)
    }
    try group.set(draws.sampler, attribute: "sampler")
    try group.set(draws.alpha, attribute: "alpha")
    try group.set(draws.elapsedSeconds, attribute: "elapsed_seconds")
    if let shape = draws.paretoShape { try group.set(shape, attribute: "pareto_shape") }
    let settings = draws.settings.sorted { $0.key < $1.key }
    if !settings.isEmpty {
      try group.set(settings.map(\.key), attribute: "setting_names")
      try group.set(settings.map(\.value), attribute: "setting_values")
    }
    if !draws.pinnedPositions.isEmpty {
      let names = draws.chain.parameterSpace.names
      try group.set(draws.pinnedPositions.map { names[$0] }, attribute: "fixed_names")
    }
    if let prior = draws.priorDraws {
      try group.dimension("prior_draw", count: prior.rows)
      try group.write(prior.values, dimensions: ["prior_draw", "names"], to: "prior_logits")
    }
    if let count = draws.warmUp.first?.count, count > 0 {
      try group.dimension("chain", count: draws.warmUp.count)
      try group.dimension("warmup_draw", count: count)
      let dimensions = ["chain", "warmup_draw"]
      try group.write(
        draws.warmUp.flatMap(\.logits.values), dimensions: dimensions + ["names"], to: "warmup_logits")
      try group.write(draws.warmUp.flatMap(\.logPrior), dimensions: dimensions, to: "warmup_log_prior")
      try group.write(draws.warmUp.flatMap(\.logLikelihood), dimensions: dimensions, to: "warmup_log_likelihood")
    }
    for (index, trace) in draws.lossTraces.enumerated() where !trace.isEmpty {
      let name = "loss_trace_\(index + 1)"
      let step = name + (naming == .identifiers ? "_step" : ".step")
      try group.dimension(step, count: trace.count)
      try group.write(trace, dimensions: [step], to: name)
    }
  }
}
