public import Distributions
import FXParams
import NumericCore

/// Why a prior cannot be conditioned as asked.
public enum ConditioningError: Error, Equatable, Sendable, CustomStringConvertible {
  case nothingGiven
  case repeated(parameter: String)
  case alreadyPinned(parameter: String)
  /// A pattern of presets of varying shape, in words, that has no other parameters than the given ones.
  case nothingFree(pattern: String)

  public var description: String {
    switch self {
    case .nothingGiven: "No parameter is given: name at least one with its value."
    case .repeated(let parameter): "Parameter \(parameter) is given twice: give each value once."
    case .alreadyPinned(let parameter):
      "Parameter \(parameter) has a fixed value in this prior already: condition the prior that it was made from."
    case .nothingFree(let pattern):
      "Presets of the pattern \(pattern) have no other parameters than the given ones: give fewer values, or say "
        + "first which effects there are."
    }
  }
}

/// A prior once some of its parameters are known.
public struct ConditionedPrior: Sendable {
  /// Over all parameters, the given ones pinned.
  public let prior: Prior
  /// The approximation made where the family has no closed form; nil where the conditional is exact.
  public let approximation: ConditioningApproximation?
}

extension Prior {
  /// Positions of the parameters that have one value under this prior.
  public var pinnedPositions: [Int] { distribution.pinnedPositions }

  /// The prior over the same chain once some logits are known: those are pinned (`PinnedDistribution`).
  ///
  /// Families in closed form are exact. A copula with radial maps is where each radial block is given whole or not
  /// at all; the maps of the other blocks are left out first, at a cost that is measured
  /// (`ConditioningApproximation`).
  ///
  /// Presets of varying shape that lack one of the given parameters are out: a value is one of what is there.
  ///
  /// - Parameter given: logits by position in the flat order.
  /// - Throws: ``ConditioningError``; ``PatternError/impossible`` where no pattern has all given parameters;
  ///   `DistributionError` for logits that are not finite or beyond the tails of a marginal, and if no parameter
  ///   would be left.
  public func conditioned(on given: [(position: Int, logit: Double)]) throws -> ConditionedPrior {
    guard !given.isEmpty else { throw ConditioningError.nothingGiven }
    let known = Set(pinnedPositions)
    var seen = Set<Int>()
    for (position, _) in given {
      let name = space.parameters[position].name
      guard seen.insert(position).inserted else { throw ConditioningError.repeated(parameter: name) }
      guard !known.contains(position) else { throw ConditioningError.alreadyPinned(parameter: name) }
    }
    guard given.count + known.count < space.count else { throw DistributionError.nothingFree }
    let positions = given.map(\.position)
    let approximation = try (distribution as? Copula)?.approximation(forGiven: positions)
    let base: any Distribution = approximation?.copula ?? distribution
    let rest: any Distribution
    do {
      rest = try base.conditionalDistribution(given: positions, values: given.map(\.logit))
    } catch DistributionError.notFinite(let what, let value) {
      throw DistributionError.notFinite(what: named(what, positions), value: value)
    }
    let (free, pinned) = unpinned(rest, without: positions)
    let all = given.map { ($0.position, $0.logit) } + pinned
    var prior = try Prior(
      chain: chain, distribution: PinnedDistribution(positions: all.map(\.0), values: all.map(\.1), free: free),
      record: record)
    let needed = chain.optionalPositions.map { !Set(positions).isDisjoint(with: $0) }
    guard let patterns else { return ConditionedPrior(prior: prior, approximation: approximation) }
    let left = try patterns.conditioned(on: { pattern in
      zip(needed, pattern.present).allSatisfy { !$0 || $1 }
    })
    try requireFree(prior.pinnedPositions, in: left)
    prior.patterns = left
    if left.patterns.count == 1 { prior = try prior.ofPattern(left.patterns[0]) }
    return ConditionedPrior(prior: prior, approximation: approximation)
  }

  /// Throws unless every pattern has a parameter that is not pinned.
  private func requireFree(_ pinned: [Int], in patterns: PatternDistribution) throws {
    let optional = Set(chain.optionalPositions.joined())
    let free = Set(0..<space.count).subtracting(pinned)
    guard free.isSubset(of: optional) else { return }
    for pattern in patterns.patterns where free.isDisjoint(with: chain.variant(pattern).positions) {
      throw ConditioningError.nothingFree(pattern: chain.words(for: pattern))
    }
  }

  /// The free part of a conditional, and what was pinned before, at its positions in the chain.
  private func unpinned(_ rest: any Distribution, without given: [Int]) -> (any Distribution, [(Int, Double)]) {
    guard let pinned = rest as? PinnedDistribution, let own = distribution as? PinnedDistribution else {
      return (rest, [])
    }
    return (pinned.free, Array(zip(own.pinnedPositions, own.pinnedValues)))
  }

  /// Coordinates in an error, called by their parameters.
  private func named(_ text: String, _ positions: [Int]) -> String {
    guard let number = text.split(separator: " ").last.flatMap({ Int($0) }), positions.contains(number) else {
      return text
    }
    return text.replacing("coordinate \(number)", with: space.parameters[number].name)
  }
}

extension Prior {
  /// The logit of a physical value of one parameter: where several have that value (lookahead), the one that the
  /// prior finds most plausible.
  ///
  /// - Throws: `ParameterError.valueOutOfRange` if no logit has that value.
  public func logit(of value: Double, at position: Int) throws -> Double {
    let parameter = space.parameters[position]
    guard value.isFinite, let first = parameter.bijector.inverse(value) else {
      throw ParameterError.valueOutOfRange(parameter: parameter, value: value)
    }
    guard case .folded(let period) = parameter.bijector else { return first }
    let marginal = try marginal(over: [position])
    let branches = (-4...4).flatMap { turn in [first, -first].map { $0 + Double(turn) * period } }
      .filter { (parameter.bijector.forward($0) - value).magnitude < 1e-9 * period }
    return branches.max { marginal.logDensity(at: [$0]) < marginal.logDensity(at: [$1]) } ?? first
  }
}
