import Evaluation
import FXParams
import NumericCore
public import PresetStore
import PriorKit

/// Distances of presets from one preset: PMSE, the mean squared difference of their logits. Presets that lack
/// effects are compared over those that both have. The property names are the keys of the command's JSON.
public struct PresetDistances: Encodable, Sendable, Hashable {
  /// One preset.
  public struct Entry: Encodable, Sendable, Hashable {
    /// The path of its file.
    public let file: String
    /// What its file calls it.
    public let label: String
    /// Over the logits of the effects that both presets have; nil where they have none in common.
    public let parameterMeanSquaredError: Double?
    /// Which effects both have, in words; nil, as is ``parameterCount``, where neither lacks any.
    public let commonShape: String?
    /// Number of the logits of these effects.
    public let parameterCount: Int?

    fileprivate var withoutShape: Entry {
      Entry(
        file: file, label: label, parameterMeanSquaredError: parameterMeanSquaredError, commonShape: nil,
        parameterCount: nil)
    }
  }

  /// The path of the reference.
  public let reference: String
  /// What its file calls it.
  public let label: String
  /// Which effects the reference has, in words; nil where no preset lacks any.
  public let shape: String?
  /// Number of the chain's parameters; nil where no preset lacks any.
  public let dimension: Int?
  /// In the order of the files, or nearest first, those without an effect in common last.
  public let presets: [Entry]

  /// Measures all presets of some files.
  ///
  /// - Parameters:
  ///   - collection: holds the reference.
  ///   - row: which preset of it.
  ///   - path: of the collection, for the report and for errors.
  ///   - candidates: preset files of the same chain.
  ///   - overOrbit: whether to measure to the nearest of the copies that sound the same.
  ///   - nearest: how many of the nearest presets to keep; nil for all, in their order.
  /// - Throws: ``WorkflowError`` for a reference that cannot be heard, files of another chain and distances that
  ///   are not finite, and what reading throws.
  /// - Precondition: the collection has such a row.
  public init(
    from collection: PresetCollection, row: Int, path: String, candidates: [String], overOrbit: Bool = false,
    nearest: Int? = nil
  ) throws {
    var measure = CommonShape(collection, row: row, overOrbit: overOrbit)
    try measure.requireUsable(path: path)
    reference = path
    label = collection.label(of: row)
    var varies = collection.pattern(of: row) != collection.chain.completePattern
    var all = try candidates.flatMap { candidate in
      let others = try PresetFile.read(candidate, acceptsVaryingShape: true)
      guard others.chain == collection.chain else {
        throw WorkflowError(
          .wrongContents, "\(candidate) and \(path) are of different chains: compare presets of one chain.")
      }
      varies = varies || others.patterns != nil
      return try (0..<others.count).map { index in
        let found = measure.distance(to: others, row: index)
        guard found.error?.isFinite != false else {
          throw WorkflowError(
            .notFinite,
            "The distance of preset \(index) of \(candidate) from preset \(row) of \(path) is beyond any number: "
              + "look for logits beyond 1e150.")
        }
        return Entry(
          file: candidate, label: others.label(of: index), parameterMeanSquaredError: found.error,
          commonShape: found.shape, parameterCount: found.count)
      }
    }
    shape = varies ? collection.chain.words(for: collection.pattern(of: row)) : nil
    dimension = varies ? collection.dimension : nil
    if !varies { all = all.map(\.withoutShape) }
    func order(_ entry: Entry) -> Double { entry.parameterMeanSquaredError ?? .infinity }
    presets = nearest.map { Array(all.sorted { order($0) < order($1) }.prefix($0)) } ?? all
  }
}

/// Measures distances from a preset over the effects that it has in common with another.
private struct CommonShape {
  /// What both have, as a chain of its own.
  private struct Part {
    let variant: ChainVariant
    let words: String
    let quotient: QuotientDistance?
  }

  private let collection: PresetCollection
  private let row: Int
  private let overOrbit: Bool
  /// By the effects that both have; nil for none.
  private var parts: [[Bool]: Part?] = [:]

  init(_ collection: PresetCollection, row: Int, overOrbit: Bool) {
    (self.collection, self.row, self.overOrbit) = (collection, row, overOrbit)
  }

  func requireUsable(path: String) throws {
    let variant = collection.chain.variant(collection.pattern(of: row))
    let logits = collection.theta.row(row)
    try variant.chain.requireUsable(variant.positions.map { logits[$0] }, row: row, path: path)
  }

  /// The mean squared difference of the logits that both have, which effects those are of, and how many they are.
  mutating func distance(
    to others: PresetCollection, row other: Int
  ) -> (error: Double?, shape: String, count: Int) {
    let own = collection.pattern(of: row)
    let present = zip(own.present, others.pattern(of: other).present).map { $0 && $1 }
    guard let part = part(ChainPattern(present: present, order: own.order)) else { return (nil, "nothing", 0) }
    let positions = part.variant.positions
    let (first, second) = (others.theta.row(other), collection.theta.row(row))
    let (theirs, ours) = (positions.map { first[$0] }, positions.map { second[$0] })
    let error =
      part.quotient?.meanSquaredError(theirs, ours) ?? ParameterDistance.meanSquaredError(theirs, ours)
    return (error, part.words, positions.count)
  }

  private mutating func part(_ pattern: ChainPattern) -> Part? {
    if let known = parts[pattern.present] { return known }
    var part: Part?
    if collection.chain.admits(pattern) {
      let variant = collection.chain.variant(pattern)
      // Orders may differ: what is compared are the settings.
      let words = collection.chain.words(for: ChainPattern(present: pattern.present))
      part = Part(variant: variant, words: words, quotient: overOrbit ? QuotientDistance(variant.chain) : nil)
    }
    parts[pattern.present] = .some(part)
    return part
  }
}
