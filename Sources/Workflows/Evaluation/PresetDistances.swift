import Evaluation
import NumericCore
public import PresetStore
import PriorKit

/// Distances of presets from one preset: PMSE, the mean squared difference of their logits. The property names are
/// the keys of the command's JSON.
public struct PresetDistances: Encodable, Sendable, Hashable {
  /// One preset.
  public struct Entry: Encodable, Sendable, Hashable {
    /// The path of its file.
    public let file: String
    /// What its file calls it.
    public let label: String
    /// Over all logits.
    public let parameterMeanSquaredError: Double
  }

  /// The path of the reference.
  public let reference: String
  /// What its file calls it.
  public let label: String
  /// In the order of the files, or nearest first.
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
    let logits = collection.theta.row(row)
    try collection.chain.requireUsable(logits, row: row, path: path)
    reference = path
    label = collection.label(of: row)
    let quotient = overOrbit ? QuotientDistance(collection.chain) : nil
    let distance = { quotient?.meanSquaredError($0, logits) ?? ParameterDistance.meanSquaredError($0, logits) }
    let all = try candidates.flatMap { candidate in
      let others = try PresetFile.read(candidate)
      guard others.chain == collection.chain else {
        throw WorkflowError(
          .wrongContents, "\(candidate) and \(path) are of different chains: compare presets of one chain.")
      }
      return try (0..<others.count).map { index in
        let error = distance(others.theta.row(index))
        guard error.isFinite else {
          throw WorkflowError(
            .notFinite,
            "The distance of preset \(index) of \(candidate) from preset \(row) of \(path) is beyond any number: "
              + "look for logits beyond 1e150.")
        }
        return Entry(file: candidate, label: others.label(of: index), parameterMeanSquaredError: error)
      }
    }
    presets =
      nearest.map { Array(all.sorted { $0.parameterMeanSquaredError < $1.parameterMeanSquaredError }.prefix($0)) }
      ?? all
  }
}
