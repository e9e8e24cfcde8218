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
    if !missing.isEmpty {
      faults.append("no column\(missing.count == 1 ? "" : "s") \(Self.joined(Self.runs(of: missing)))")
    }
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

  /// Names with runs of numbers in short, as `reverb.gamma.1 to reverb.gamma.49`: what is missing is told in full.
  private static func runs(of names: [String]) -> [String] {
    func parts(_ name: String) -> (stem: Substring, number: Int)? {
      guard let dot = name.lastIndex(of: "."), let number = Int(name[name.index(after: dot)...]) else { return nil }
      return (name[..<dot], number)
    }
    var result: [String] = []
    var start = names.startIndex
    while start < names.endIndex {
      var end = start + 1
      if let first = parts(names[start]) {
        while end < names.endIndex, let next = parts(names[end]), next.stem == first.stem,
          next.number == first.number + end - start
        { end += 1 }
      }
      if end - start > 2 {
        result.append("\(names[start]) to \(names[end - 1])")
      } else {
        result += names[start..<end]
      }
      start = end
    }
    return result
  }

  /// `a, b and c`.
  private static func joined(_ names: [String], _ conjunction: String = "and") -> String {
    guard names.count > 1, let last = names.last else { return names.first ?? "" }
    return "\(names.dropLast().joined(separator: ", ")) \(conjunction) \(last)"
  }

  /// The same, or the first of many and their number.
  static func list(_ names: [String], _ conjunction: String = "and") -> String {
    guard names.count > mostNames else { return joined(names, conjunction) }
    return names.prefix(firstNames).joined(separator: ", ") + " and \(names.count - firstNames) others"
  }
}
