import Workflows

/// The run that a log of draws belongs to, read off the line that tells runs apart: the target, the name of the
/// sampler, its settings, and `warm_up`, `seed` and `chain`.
struct DrawLogIdentity: Encodable {
  /// What is drawn from, with digests of the inputs.
  let target: String
  /// Nil, as the rest, where the line is of another program.
  let sampler: String?
  let settings: [String: String]
  let warmUp: Int?
  let seed: String?
  let chain: Int?

  /// The chain is told with its draws.
  private enum CodingKeys: String, CodingKey { case target, sampler, settings, warmUp, seed }

  init(_ line: String) {
    var words = line.split(separator: " ").map(String.init)
    var values: [String: String] = [:]
    while let word = words.last, let equals = word.firstIndex(of: "="), equals != word.startIndex {
      values[String(word[..<equals])] = String(word[word.index(after: equals)...])
      words.removeLast()
    }
    warmUp = values.removeValue(forKey: "warm_up").flatMap { Int($0) }.map { max($0, 0) }
    seed = values.removeValue(forKey: "seed")
    chain = values.removeValue(forKey: "chain").flatMap { Int($0) }
    sampler = chain == nil ? nil : words.popLast()
    settings = chain == nil ? [:] : values
    target = chain == nil ? line : words.joined(separator: " ")
  }

  var lines: [String] {
    var facts = settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    if let seed { facts.append("seed \(seed)") }
    return ["target:    \(PrintableText.escaped(target))"]
      + (facts.isEmpty ? [] : ["settings:  \(PrintableText.escaped(facts.joined(separator: ", ")))"])
  }
}
