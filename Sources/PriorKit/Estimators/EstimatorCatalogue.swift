/// The estimators that commands know by name. Adding one is a line in ``entries``.
public struct EstimatorCatalogue: Sendable {
  public struct Entry: Sendable {
    public let estimator: any DensityEstimator
    /// One line for `fit --list-families`.
    public let description: String

    public var name: String { estimator.name }

    public init(_ estimator: any DensityEstimator, _ description: String) {
      self.estimator = estimator
      self.description = description
    }
  }

  public let entries: [Entry]

  /// - Precondition: the names are distinct.
  public init(_ entries: [Entry]) {
    precondition(Set(entries.map(\.name)).count == entries.count, "Two estimators have one name")
    self.entries = entries
  }

  /// All estimators of PriorKit, the published recipe first.
  public static let standard = EstimatorCatalogue([
    Entry(MomentEstimator(shape: .full), "mean and covariance with N - 1, as published; needs N > D"),
    Entry(MomentEstimator(shape: .diagonal), "mean and variances with N - 1, no correlation"),
  ])

  public var names: [String] { entries.map(\.name) }

  /// - Throws: ``ComparisonError/unknownFamily(name:known:)``.
  public func entry(named name: String) throws -> Entry {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw ComparisonError.unknownFamily(name: name, known: names)
    }
    return entry
  }
}
