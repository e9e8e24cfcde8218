/// Why an optimisation cannot start or continue.
public enum MAPError: Error, Sendable, Hashable, CustomStringConvertible {
  case nonFiniteStart(coordinate: Int, value: Double)
  case dimension(density: Int, state: Int)
  case nonFiniteEvaluation(step: Int, evaluation: DensityEvaluation)
  /// A method that follows a gradient, by its settings, meets a density without.
  case noGradient(String)
  case nonFiniteGradient(step: Int, coordinate: Int, value: Double)

  public var description: String {
    switch self {
    case .nonFiniteStart(let coordinate, let value):
      "The start point's coordinate \(coordinate) is \(value): start from finite logits, for instance the mean."
    case .dimension(let density, let state):
      "The density has \(density) coordinates and the optimisation \(state): start anew or resume the run that "
        + "belongs to this density."
    case .nonFiniteEvaluation(let step, let evaluation):
      "After \(step) steps the log density is \(evaluation.value) (log-likelihood "
        + "\(evaluation.logLikelihood), log-prior \(evaluation.logPrior)): take the best point so "
        + "far, or start elsewhere; Adam may want a smaller learning rate."
    case .noGradient(let settings):
      "The density has no gradient, which \(settings) follows: use a method that needs none, such as cma-es."
    case .nonFiniteGradient(let step, let coordinate, let value):
      "After \(step) steps the gradient's coordinate \(coordinate) is \(value), too large or not a number: "
        + "take the best point so far, or start elsewhere; Adam may want a smaller learning rate."
    }
  }
}
