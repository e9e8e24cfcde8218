import FXParams

extension ChainDescription {
  /// The chain that a file describes, which the user names.
  ///
  /// - Throws: ``CommandError`` naming the path.
  static func read(_ path: String) throws -> ChainDescription {
    do {
      return try load(TextFile.read(path))
    } catch let error as ParameterError {
      throw CommandError("\(path) cannot be used: \(error)")
    }
  }
}
