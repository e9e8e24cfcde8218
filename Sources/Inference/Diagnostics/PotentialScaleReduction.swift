import Foundation

extension ScalarDraws {
  /// R-hat: the rank-normalised split R-hat, or that of the folded draws if it is larger. 1 where all halves of
  /// chains agree in location and spread; infinite where each stands still at a place of its own.
  ///
  /// With one chain it compares the two halves of it. Nil for too few draws, or draws that are all the same.
  public var rHat: Double? {
    guard isJudgeable else { return nil }
    let halves = split
    return [halves.rankNormalised.plainRHat, halves.folded.rankNormalised.plainRHat].compactMap { $0 }.max()
  }

  /// sqrt(((n - 1) W + B) / (n W)) of chains of n draws, with the variance W within them and B / n between.
  private var plainRHat: Double? {
    let within = Self.mean(chains.map(Self.variance))
    let between = Double(drawCount) * Self.variance(chains.map(Self.mean))
    guard within > 0 else { return between > 0 ? .infinity : nil }
    return ((between / within + Double(drawCount) - 1) / Double(drawCount)).squareRoot()
  }
}
