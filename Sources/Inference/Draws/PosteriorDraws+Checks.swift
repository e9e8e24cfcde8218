import FXParams
import NumericCore

extension PosteriorDraws {
  /// Checks sizes and values; errors name `path` as the place.
  func check(path: String) throws {
    let dimension = chain.parameterSpace.count
    guard drawCount > 0 else { throw PosteriorError.noDraws(path) }
    try Self.check(chains, dimension: dimension, path: path)
    try Self.check(warmUp, dimension: dimension, path: path)
    guard warmUp.isEmpty || warmUp.count == chains.count else {
      throw PosteriorError.unequal("chains of draws and of warm-up", [chains.count, warmUp.count], path)
    }
    for position in pinnedPositions {
      let values = Set(chains.flatMap { $0.logits.column(position) })
      guard values.count == 1 else {
        throw PosteriorError.moved(chain.parameterSpace.parameters[position].name, values.sorted(), path)
      }
    }
    if let priorDraws {
      guard priorDraws.columns == dimension else {
        throw PosteriorError.unequal("parameters", [priorDraws.columns, dimension], path)
      }
      if let bad = priorDraws.values.firstIndex(where: { !$0.isFinite }) {
        throw PosteriorError.notFinite(
          "A logit of the prior", chain: 0, draw: bad / dimension, value: priorDraws.values[bad], path: path)
      }
    }
  }

  private static func check(_ chains: [MarkovChainDraws], dimension: Int, path: String) throws {
    guard let first = chains.first else { return }
    let counts = chains.map(\.count)
    guard counts.allSatisfy({ $0 == counts[0] }) else { throw PosteriorError.unequal("draws", counts, path) }
    let names = chains.map { $0.statistics.keys.sorted() }
    guard names.allSatisfy({ $0 == names[0] }) else { throw PosteriorError.statistics(names, path) }
    for (number, chain) in chains.enumerated() {
      guard chain.logits.columns == dimension else {
        throw PosteriorError.unequal("parameters", [chain.logits.columns, dimension], path)
      }
      let lists = [chain.logPrior, chain.logLikelihood] + first.statistics.keys.compactMap { chain.statistics[$0] }
      for list in lists where list.count != chain.count {
        throw PosteriorError.unequal("draws and values for them", [chain.count, list.count], path)
      }
      func require(_ values: [Double], _ what: String, width: Int = 1) throws {
        guard let bad = values.firstIndex(where: { !$0.isFinite }) else { return }
        throw PosteriorError.notFinite(what, chain: number, draw: bad / width, value: values[bad], path: path)
      }
      try require(chain.logits.values, "A logit", width: dimension)
      try require(chain.logPrior, "The log prior")
      try require(chain.logLikelihood, "The log-likelihood")
      // The error of an energy may well be infinite, where a path diverged.
      for (name, values) in chain.statistics.sorted(by: { $0.key < $1.key }) {
        guard let bad = values.firstIndex(where: \.isNaN) else { continue }
        throw PosteriorError.notFinite("The statistic \(name)", chain: number, draw: bad, value: .nan, path: path)
      }
    }
  }
}
