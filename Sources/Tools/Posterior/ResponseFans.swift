import FXParams
import Inference
import NumericCore

/// Curves that the settings make, as fans of the posterior's draws on the prior's band of 90 %.
struct ResponseFans {
  private let figure: CurveFigure

  init(_ draws: PosteriorDraws) {
    figure = CurveFigure(
      chain: draws.chain,
      series: [
        draws.priorDraws.map {
          CurveFigure.Series(
            name: "prior", colour: Figure.Colour.prior, presets: Self.values($0, draws.chain), isBackground: true)
        },
        CurveFigure.Series(
          name: "posterior", colour: Figure.Colour.posterior, medianColour: Figure.Colour.median,
          presets: Self.values(draws.pooledLogits, draws.chain)),
      ].compactMap { $0 })
  }

  /// What the colours mean, and what is dotted.
  static let legend = HTML.legend([
    (Figure.Colour.prior, 0.3, "prior, 90 %"), (Figure.Colour.posterior, 0.25, "posterior, 90 %"),
    (Figure.Colour.posterior, 0.6, "posterior, 50 %"),
    (Figure.Colour.median, 1, "median; dotted: level unchanged"),
  ])

  /// One for each effect that has a curve.
  func figures() -> [Figure] { figure.separate() }

  /// Constrained values of some rows, evenly spaced, which is as many as a fan needs.
  private static func values(_ logits: Matrix, _ chain: ChainDescription) -> [[Double]] {
    let space = chain.parameterSpace
    return stride(from: 0, to: logits.rows, by: max(1, logits.rows / 400)).map {
      space.values(ofLogits: logits.row($0))
    }
  }
}
