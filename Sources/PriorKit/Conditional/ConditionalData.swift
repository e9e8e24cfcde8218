public import NumericCore
public import PresetStore

/// Presets with the features of their recordings, to which a conditional prior is fitted.
public struct ConditionalData: Sendable {
  /// Logits [N, D] with weights, names and blocks.
  public var parameters: EstimationData
  /// Features [N, F].
  public var features: Matrix
  /// Names of the columns of ``features`` [F].
  public var featureNames: [String]

  /// - Precondition: as many rows of features as presets, and a name for each column.
  public init(parameters: EstimationData, features: Matrix, featureNames: [String]) {
    precondition(
      features.rows == parameters.rows.rows, "\(features.rows) features of \(parameters.rows.rows) presets")
    precondition(
      features.columns == featureNames.count, "\(featureNames.count) names of \(features.columns) features")
    self.parameters = parameters
    self.features = features
    self.featureNames = featureNames
  }

  /// - Parameters:
  ///   - presets: a collection with features: N presets, whose logits become the parameters.
  ///   - path: the file that an error names.
  /// - Throws: ``ConditionalError/noFeatures(path:)``, `DistributionError` if the presets do not have the chain's
  ///   parameters.
  public init(presets: PresetCollection, path: String) throws {
    guard let features = presets.features, let names = presets.featureNames, !names.isEmpty else {
      throw ConditionalError.noFeatures(path: path)
    }
    var parameters = try EstimationData(presets: presets)
    parameters.groups = presets.groups
    self.init(parameters: parameters, features: features, featureNames: names)
  }

  /// The rows named, in that order.
  func selecting(rows: [Int]) -> ConditionalData {
    var result = self
    result.parameters = parameters.selecting(rows: rows)
    result.features = features.selecting(rows: rows)
    return result
  }

  /// Parameters and features side by side [N, D + F], for ``Comparison``; the features are a block of their own.
  public var sideBySide: EstimationData {
    parameters.appending(features, names: featureNames)
  }

  /// The inverse of ``sideBySide``, from the number of features.
  init(sideBySide data: EstimationData, featureCount: Int) {
    let dimension = data.rows.columns - featureCount
    let all = Array(0..<data.rows.rows)
    var parameters = EstimationData(
      rows: data.rows.selecting(rows: all, columns: Array(0..<dimension)), weights: data.weights,
      names: Array(data.names[..<dimension]), blocks: Array(data.blocks.dropLast(featureCount > 0 ? 1 : 0)))
    parameters.groups = data.groups
    self.init(
      parameters: parameters,
      features: data.rows.selecting(rows: all, columns: Array(dimension..<data.rows.columns)),
      featureNames: Array(data.names[dimension...]))
  }
}

extension EstimationData {
  /// More columns for the same rows, as a block of their own; none change nothing.
  func appending(_ columns: Matrix, names added: [String]) -> EstimationData {
    guard columns.columns > 0 else { return self }
    let dimension = rows.columns
    var result = self
    result.rows = rows.appending(columns)
    result.names = names + added
    result.blocks = blocks + [Array(dimension..<dimension + columns.columns)]
    return result
  }
}

extension Matrix {
  /// The rows of two matrices, one after the other.
  func appending(_ other: Matrix) -> Matrix {
    precondition(rows == other.rows, "\(rows) and \(other.rows) rows side by side")
    return Matrix(
      rows: rows, columns: columns + other.columns, values: (0..<rows).flatMap { row($0) + other.row($0) })
  }
}

/// Errors in conditional priors, and in the presets and features that they are given.
public enum ConditionalError: Error, Equatable, Sendable, CustomStringConvertible {
  case noFeatures(path: String)
  case noVariation(count: Int)
  case featureCount(found: Int, expected: Int)
  case featureNotFinite(name: String, value: Double)
  /// A number whose square is none.
  case featureTooLarge(name: String, value: Double)
  /// `expected` and `found` describe how features were made.
  case otherFeatures(path: String, found: String, expected: String)
  case tooFewPairs(count: Int)
  /// Fewer pairs of real presets than errors can be estimated from.
  case tooFewRealPairs(count: Int, least: Int)
  case unknownFamily(name: String, known: [String])

  public var description: String {
    switch self {
    case .noFeatures(let path):
      "\(path) has no /features: describe the audio of its presets, or simulate pairs of presets and features."
    case .noVariation(let count):
      "All \(count) features are the same for every preset, so they tell nothing: check the audio list."
    case .featureCount(let found, let expected):
      "There are \(found) features where the prior was fitted with \(expected): make them with the same encoder."
    case .featureNotFinite(let name, let value):
      "Feature \(name) is \(value) but must be finite: check the audio that it describes."
    case .featureTooLarge(let name, let value):
      "Feature \(name) is \(value), whose square is beyond any number: check the audio that it describes."
    case .otherFeatures(let path, let found, let expected):
      "\(path) has features of another making (\(found)) than the prior expects (\(expected)): make them alike."
    case .tooFewPairs(let count):
      "\(count) presets with features are too few to tell what the features say: give at least 10."
    case .tooFewRealPairs(let count, let least):
      "\(count) pairs of real presets are too few to measure the errors of a likelihood: give at least \(least)."
    case .unknownFamily(let name, let known):
      "There is no conditional family \(name): choose from \(known.joined(separator: ", "))."
    }
  }
}
