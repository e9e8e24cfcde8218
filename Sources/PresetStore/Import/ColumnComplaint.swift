/// What is wrong with the names in a header: missing and unknown ones in one sentence, each other fault in one of
/// its own.
struct ColumnComplaint {
  /// Parameters without a column.
  let missing: [String]
  /// Columns that are no parameters.
  let unknown: [String]
  /// What an unknown one may stand for, the likeliest first.
  let known: [String]
  let fillsAbsentEffects: Bool
  /// The document that names the columns; nil where they have the names of parameters.
  let map: String?
  /// Other faults, a sentence each.
  let others: [String]

  /// So many names can be read; of more, the first are given.
  private static let mostNames = 20
  private static let firstNames = 10
  /// Of a name: the longest are text that was taken for a header.
  private static let mostLetters = 80

  /// Nil where nothing is wrong.
  func error(path: String) -> DataError? {
    var faults: [String] = []
    if !missing.isEmpty { faults.append("no column\(missing.count == 1 ? "" : "s") \(Self.list(missing))") }
    if !unknown.isEmpty {
      let names = unknown.prefix(Self.mostNames).map(described) + unknown.dropFirst(Self.mostNames)
      faults.append(
        unknown.count == 1
          ? "the column \(names[0]), which is no parameter of the chain"
          : "the columns \(Self.list(names)), which are no parameters of the chain")
    }
    var sentences = others
    if !faults.isEmpty {
      sentences.insert(
        "The header of \(path) has \(faults.joined(separator: ", and it has ")): "
          + "\(remedy), or give the chain of these presets.", at: 0)
    }
    guard !sentences.isEmpty else { return nil }
    return DataError(
      !others.isEmpty ? .malformed : missing.isEmpty ? .wrongChain : .missingColumns, path,
      sentences.joined(separator: " "))
  }

  private var remedy: String {
    if let map {
      if unknown.isEmpty { return "name the columns in \(map)" }
      return "name \(unknown.count == 1 ? "it" : "them") in \(map), as ignored where no parameter is meant"
    }
    switch (missing.count, unknown.count) {
    case (0, 1): return "correct or remove it"
    case (0, _): return "correct or remove them"
    case (_, 1...): return "correct the names"
    case _ where fillsAbsentEffects: return "give all columns of an effect or none"
    case (1, _): return "add it"
    case (...Self.mostNames, _): return "add them"
    default: return "begin with a template of the chain"
    }
  }

  private func described(_ name: String) -> String {
    let near = NearestName.of(name, among: known).map { " (perhaps \($0))" } ?? ""
    return name.prefix(Self.mostLetters) + (name.count > Self.mostLetters ? "..." : "") + near
  }

  /// `a, b and c`, or the first of many and their number.
  static func list(_ names: [String], _ conjunction: String = "and") -> String {
    guard names.count > mostNames else {
      guard names.count > 1, let last = names.last else { return names.first ?? "" }
      return "\(names.dropLast().joined(separator: ", ")) \(conjunction) \(last)"
    }
    return names.prefix(firstNames).joined(separator: ", ") + " and \(names.count - firstNames) others"
  }
}
