import FXParams
import HDF5Store
import NumericCore
import PresetStore

/// Reads a posterior file back into draws. The logits are the truth; physical values are for other programs.
struct PosteriorReader {
  private let reader: HDF5Reader
  private let chain: ChainDescription
  private let areIdentifiers: Bool
  private let own = "/" + PosteriorFile.ownGroup

  init(_ path: String) throws {
    reader = try HDF5Reader(path: path)
    chain = try FileHeader(reader, expecting: .posterior, group: own).chain
    areIdentifiers =
      try reader.textIfPresent(attribute: PosteriorNames.attribute, of: own) == PosteriorNames.identifiers
  }

  func draws() throws -> PosteriorDraws {
    let (extents, logits) = try parameters(of: "/unconstrained_posterior")
    try requireSameDraws(extents, logits)
    let densities = try ["/log_prior/preset", "/log_likelihood/style"].map { try perDraw($0, extents) }
    let statistics = try statistics(of: "/sample_stats", extents)
    let names = try texts("setting_names")
    let draws = PosteriorDraws(
      chain: chain,
      chains: (0..<extents.chains).map {
        MarkovChainDraws(
          logits: logits[$0], statistics: statistics[$0], logPrior: densities[0][$0],
          logLikelihood: densities[1][$0])
      },
      warmUp: try warmUp(), priorDraws: try prior(), sampler: try reader.text(attribute: "sampler", of: own),
      settings: Dictionary(zip(names, try texts("setting_values")), uniquingKeysWith: { $1 }),
      alpha: try reader.double(attribute: "alpha", of: own), observed: try observed(),
      elapsedSeconds: try reader.double(attribute: "elapsed_seconds", of: own),
      paretoShape: reader.contains(attribute: "pareto_shape", of: own)
        ? try reader.double(attribute: "pareto_shape", of: own) : nil, lossTraces: try lossTraces(),
      pinnedPositions: try fixed())
    try draws.check(path: reader.path)
    return draws
  }

  /// The name in the file of every variable of a group, by its own (``PosteriorNaming``).
  private func storedNames(in group: String) throws -> [String: String] {
    guard reader.contains(group) else { return [:] }
    let children = try reader.children(of: group)
    guard areIdentifiers else { return Dictionary(children.map { ($0, $0) }, uniquingKeysWith: { $1 }) }
    // Another program may have lost the attributes; the names are then those that the writer chose.
    let chosen = PosteriorNames(of: PosteriorVariable.all(of: chain.parameterSpace), naming: .identifiers)
    let kept = try children.map {
      (try reader.textIfPresent(attribute: PosteriorNames.ownName, of: "\(group)/\($0)") ?? chosen.own($0), $0)
    }
    return Dictionary(kept, uniquingKeysWith: { first, _ in first })
  }

  private struct Extents: Hashable {
    var chains: Int
    var draws: Int
  }

  // MARK: - Sample groups

  private func parameters(of group: String) throws -> (Extents, [Matrix]) {
    let variables = PosteriorVariable.all(of: chain.parameterSpace)
    let dimension = chain.parameterSpace.count
    var extents: Extents?
    var matrices: [Matrix] = []
    let names = try storedNames(in: group)
    for variable in variables {
      let name = "\(group)/\(names[variable.name] ?? variable.name)"
      let (shape, values) = try reader.doubles(name)
      let width = variable.indices.count
      guard shape.count == (variable.labels.isEmpty ? 2 : 3), shape.count == 2 || shape[2] == width,
        extents == nil || extents == Extents(chains: shape[0], draws: shape[1])
      else { throw PosteriorError.damaged("The shape \(shape) of \(name)", reader.path) }
      if extents == nil {
        extents = Extents(chains: shape[0], draws: shape[1])
        matrices = (0..<shape[0]).map { _ in Matrix(rows: shape[1], columns: dimension) }
      }
      for chain in 0..<shape[0] {
        for draw in 0..<shape[1] {
          let start = (chain * shape[1] + draw) * width
          for (offset, index) in variable.indices.enumerated() {
            matrices[chain][draw, index] = values[start + offset]
          }
        }
      }
    }
    guard let extents else { throw PosteriorError.noDraws(reader.path) }
    return (extents, matrices)
  }

  /// Checks that the groups, which other programs may cut one by one, still hold the same draws.
  private func requireSameDraws(_ extents: Extents, _ logits: [Matrix]) throws {
    let own = "/unconstrained_posterior"
    for group in ["/posterior", "/sample_stats", "/log_prior", "/log_likelihood"] where reader.contains(group) {
      for coordinate in ["chain", "draw"] {
        let names = [own, group].map { "\($0)/\(coordinate)" }
        guard names.allSatisfy(reader.contains) else { continue }
        guard try reader.doubles(names[0]).values == reader.doubles(names[1]).values else {
          throw PosteriorError.groupsDisagree(own, group, what: "the coordinate \(coordinate)", reader.path)
        }
      }
    }
    guard reader.contains("/posterior") else { return }
    let names = try storedNames(in: "/posterior")
    for variable in PosteriorVariable.all(of: chain.parameterSpace) {
      let (_, values) = try reader.doubles("/posterior/\(names[variable.name] ?? variable.name)")
      let width = variable.indices.count
      guard values.count == extents.chains * extents.draws * width else {
        throw PosteriorError.groupsDisagree(own, "/posterior", what: "the number of draws", reader.path)
      }
      for (offset, index) in variable.indices.enumerated() {
        let bijector = chain.parameterSpace.parameters[index].bijector
        for row in 0..<extents.chains * extents.draws {
          let value = bijector.forward(logits[row / extents.draws][row % extents.draws, index])
          // Physical values may have been stored with fewer digits.
          guard abs(value - values[row * width + offset]) <= 1e-5 * max(abs(value), 1) else {
            throw PosteriorError.groupsDisagree(own, "/posterior", what: variable.name, reader.path)
          }
        }
      }
    }
  }

  /// One number per draw, by chain.
  private func perDraw(_ dataset: String, _ extents: Extents) throws -> [[Double]] {
    let (shape, values) = try reader.doubles(dataset)
    guard shape == [extents.chains, extents.draws] else {
      throw PosteriorError.damaged("The shape \(shape) of \(dataset)", reader.path)
    }
    return (0..<extents.chains).map { Array(values[$0 * extents.draws..<($0 + 1) * extents.draws]) }
  }

  private func statistics(of group: String, _ extents: Extents) throws -> [[String: [Double]]] {
    var result = [[String: [Double]]](repeating: [:], count: extents.chains)
    guard reader.contains(group) else { return result }
    for name in try reader.children(of: group) where name != "chain" && name != "draw" {
      for (chain, values) in try perDraw("\(group)/\(name)", extents).enumerated() { result[chain][name] = values }
    }
    return result
  }

  private func observed() throws -> [String: [Double]] {
    guard reader.contains("/observed_data") else { return [:] }
    var result: [String: [Double]] = [:]
    let names = try storedNames(in: "/observed_data")
    for (name, stored) in names where !name.hasSuffix(".index") {
      result[name] = try reader.doubles("/observed_data/\(stored)").values
    }
    return result
  }

  // MARK: - Our own group

  private func texts(_ attribute: String) throws -> [String] {
    reader.contains(attribute: attribute, of: own) ? try reader.strings(attribute: attribute, of: own) : []
  }

  private func prior() throws -> Matrix? {
    guard reader.contains(own + "/prior_logits") else { return nil }
    let (shape, values) = try reader.doubles(own + "/prior_logits")
    guard shape.count == 2 else {
      throw PosteriorError.damaged("The shape \(shape) of the prior's draws", reader.path)
    }
    return Matrix(rows: shape[0], columns: shape[1], values: values)
  }

  private func warmUp() throws -> [MarkovChainDraws] {
    guard reader.contains(own + "/warmup_logits") else { return [] }
    let (shape, values) = try reader.doubles(own + "/warmup_logits")
    guard shape.count == 3 else {
      throw PosteriorError.damaged("The shape \(shape) of the warm-up", reader.path)
    }
    let extents = Extents(chains: shape[0], draws: shape[1])
    let logPrior = try perDraw(own + "/warmup_log_prior", extents)
    let logLikelihood = try perDraw(own + "/warmup_log_likelihood", extents)
    let statistics = try statistics(of: "/warmup_sample_stats", extents)
    let size = shape[1] * shape[2]
    return (0..<shape[0]).map {
      MarkovChainDraws(
        logits: Matrix(rows: shape[1], columns: shape[2], values: Array(values[$0 * size..<($0 + 1) * size])),
        statistics: statistics[$0], logPrior: logPrior[$0], logLikelihood: logLikelihood[$0])
    }
  }

  private func fixed() throws -> [Int] {
    try texts("fixed_names").map { name in
      guard let position = chain.parameterSpace.index(of: name) else {
        throw PosteriorError.damaged("The fixed parameter \(name)", reader.path)
      }
      return position
    }
  }

  private func lossTraces() throws -> [[Double]] {
    var traces: [[Double]] = []
    while reader.contains(own + "/loss_trace_\(traces.count + 1)") {
      traces.append(try reader.doubles(own + "/loss_trace_\(traces.count + 1)").values)
    }
    return traces
  }
}
