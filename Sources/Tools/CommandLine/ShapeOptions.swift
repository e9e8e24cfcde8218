import ArgumentParser
import FXParams
import Foundation
import PriorKit

/// Which optional effects presets have, and in which order.
struct ShapeOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("Optional effects that are there, with commas.", valueName: "effects"))
  var with: EffectList?

  @Option(
    name: .long, help: ArgumentHelp("Optional effects that are absent, with commas.", valueName: "effects"))
  var without: EffectList?

  @Option(
    within: 1...1000,
    help: "The order of the series: 1 as the chain lists it, 2 for the first of its further orders.")
  var order: Int?

  var isEmpty: Bool { with == nil && without == nil && order == nil }

  func validate() throws {
    let both = Set(with?.names ?? []).intersection(without?.names ?? []).sorted()
    if let name = both.first { throw ValidationError("\(name) is in --with and in --without: decide.") }
  }

  /// Whether a pattern of a chain meets the options.
  ///
  /// - Throws: one sentence for an effect or an order that the chain does not have.
  func condition(for chain: ChainDescription, path: String) throws -> (ChainPattern) -> Bool {
    let names = chain.optionalNames
    func positions(_ list: EffectList?) throws -> [Int] {
      try (list?.names ?? []).map { name in
        guard let index = names.firstIndex(of: name) else {
          let known = names.isEmpty ? "it has none" : "give some of \(names.joined(separator: ", "))"
          throw CommandError("\(name) is no optional effect of the chain of \(path): \(known).")
        }
        return index
      }
    }
    let (there, absent) = (try positions(with), try positions(without))
    let count = chain.orders.count
    if let order, order > count {
      throw CommandError("--order is \(order) but the chain of \(path) has \(count) of them: give 1 to \(count).")
    }
    return { [order] pattern in
      let isInOrder = order.map { number in
        chain.canonical(ChainPattern(present: pattern.present, order: number - 1)) == pattern
      }
      return there.allSatisfy { pattern.present[$0] } && absent.allSatisfy { !pattern.present[$0] }
        && isInOrder ?? true
    }
  }

  /// The prior of presets that meet the options.
  func restrict(_ prior: Prior, path: String) throws -> Prior {
    try prior.conditioned(onPatterns: condition(for: prior.chain, path: path))
  }
}

/// Names with commas between them.
struct EffectList: ExpressibleByArgument {
  let names: [String]

  init?(argument: String) {
    names = argument.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    guard !names.isEmpty, names.allSatisfy({ !$0.isEmpty }) else { return nil }
  }
}
