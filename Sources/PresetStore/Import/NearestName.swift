/// The known name that a mistaken one may stand for.
package enum NearestName {
  /// Names that are longer are no typing mistakes, and would take long to compare.
  private static let longest = 100

  /// The nearest by ``editDistance(_:_:)``, the first of several; nil where more than a quarter of the letters, and
  /// more than two, are others.
  package static func of(_ name: String, among known: [String]) -> String? {
    guard name.count <= longest else { return nil }
    let limit = max(2, name.count / 4)
    let near = known.filter { abs($0.count - name.count) <= limit }.map { ($0, editDistance($0, name)) }
    return near.filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
  }

  /// Letters to insert, remove or replace (Levenshtein 1966).
  package static func editDistance(_ first: String, _ second: String) -> Int {
    let second = Array(second)
    var row = Array(0...second.count)
    for letter in first {
      var diagonal = row[0]
      row[0] += 1
      for index in second.indices {
        let cost = min(row[index] + 1, row[index + 1] + 1, diagonal + (letter == second[index] ? 0 : 1))
        (diagonal, row[index + 1]) = (row[index + 1], cost)
      }
    }
    return row[second.count]
  }
}
