/// An error in a file of presets or of a prior: one sentence that names the file, the place and the remedy.
public struct DataError: Error, CustomStringConvertible, Sendable, Equatable {
  /// What is wrong, for programs that treat some errors in their own way.
  public enum Code: Sendable, Hashable {
    /// The file is of another kind, or of another chain.
    case wrongKind, newerVersion, wrongChain
    /// A table without some parameters of the chain.
    case missingColumns
    /// A file without some bands or effects of the chain.
    case missingBands
    /// The file contradicts itself or the format.
    case malformed, wrongShape
    /// Presets that lack effects, or have them in another order, where all must be alike.
    case varyingShape
    /// A value that no preset can have.
    case invalidValue
    /// A value so close to its bound that its logit is lost.
    case valueOnBound
    /// A number of a table with a decimal comma where points are expected.
    case decimalComma
    /// A file or a selection without presets.
    case empty
  }

  /// The kind of error; the details are in the description.
  public let code: Code
  /// The file at fault, or the folder.
  public let path: String
  public let description: String

  package init(_ code: Code, _ path: String, _ description: String) {
    self.code = code
    self.path = path
    self.description = description
  }
}
