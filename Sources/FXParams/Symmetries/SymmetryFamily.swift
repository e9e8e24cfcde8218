/// The symmetries that commands and files name.
public enum SymmetryFamily: String, Sendable, Hashable, Codable, CaseIterable {
  /// Signs of the lines of feedback delay networks.
  case signs
  /// Permutations of equaliser bands of like kind.
  case bands
  /// The sign of folded parameters.
  case lookahead
  /// Left and right exchanged, which mirrors the sound.
  case mirror

  /// The families that leave the sound as it is.
  public static let exact: [SymmetryFamily] = [.signs, .bands, .lookahead]

  /// The families of a comma-separated list.
  ///
  /// - Throws: ``SymmetryError/unknownFamily(name:known:)``.
  public static func list(_ text: String) throws(SymmetryError) -> [SymmetryFamily] {
    var families: [SymmetryFamily] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = part.filter { !$0.isWhitespace }
      guard let family = SymmetryFamily(rawValue: name) else {
        throw .unknownFamily(name: name, known: allCases.map(\.rawValue))
      }
      if !families.contains(family) { families.append(family) }
    }
    return families
  }
}
