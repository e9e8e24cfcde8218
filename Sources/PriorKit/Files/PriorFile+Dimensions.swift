import Distributions
import FXParams
import HDF5Store
import PresetStore

// Dimension scales of prior files, as of preset files.

extension HDF5Writer {
  /// Names that stand for arrays over the parameters in every family that has them.
  private static let vectors: Set = ["mean", "location"]
  private static let matrices: Set = ["covariance", "scatter"]
  /// Groups that such an array may stand in; the inputs of a function, for one, are no parameters.
  private static let groups: Set = ["base", "component", "density"]

  /// Names the dimensions of arrays over parameters. Others keep none: an array has scales on all dimensions or on
  /// none.
  func nameDimensions(of archive: DistributionArchive, space: ParameterSpace) throws {
    try nameParameters(space)
    func arrays(_ names: Set<String>, shape: [Int]) -> [String] {
      archive.arrays.filter { $1.shape == shape && Self.isOverParameters($0, named: names) }.keys.sorted()
    }
    for name in arrays(Self.vectors, shape: [space.count]) {
      try nameDimensions(of: name, by: ["names"], units: "logit")
    }
    let square = arrays(Self.matrices, shape: [space.count, space.count])
    if !square.isEmpty {
      try write(space.names, to: "/column_names")
      try makeScale("/column_names", name: "column_names")
    }
    for name in square { try nameDimensions(of: name, by: ["names", "column_names"]) }
    for bound in ["observed_lower", "observed_upper"] { try nameDimensions(of: "fit/" + bound, by: ["names"]) }
    guard try contains("/fit"), try contains("/fit/hyperparameter_names") else { return }
    try makeScale("/fit/hyperparameter_names", name: "hyperparameter_names")
    try nameDimensions(of: "fit/hyperparameters", by: ["fit/hyperparameter_names"])
  }

  private static func isOverParameters(_ array: String, named names: Set<String>) -> Bool {
    let path = array.split(separator: "/").map(String.init)
    return names.contains(path.last ?? "")
      && path.dropLast().allSatisfy { groups.contains($0) || $0.allSatisfy(\.isNumber) }
  }
}
