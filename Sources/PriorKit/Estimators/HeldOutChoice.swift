/// The choice among candidates by scores on presets that were held out.
enum HeldOutChoice {
  /// The scores of `count` candidates, summed over parts of the presets; zero without parts.
  static func totals<Part>(
    of count: Int, over parts: [Part], scores: (Part) throws -> [Double]
  ) rethrows -> [Double] {
    var totals = [Double](repeating: 0, count: count)
    for part in parts {
      for (index, score) in try scores(part).enumerated() { totals[index] += score }
    }
    return totals
  }

  /// The highest score. Of equals it is the first, which is the strongest candidate; a NaN never wins.
  ///
  /// - Precondition: there is a score.
  static func index(ofBest scores: [Double]) -> Int {
    var best = 0
    for index in scores.indices where scores[index] > scores[best] || scores[best].isNaN { best = index }
    return best
  }
}
