/// How near one transfer came to the hidden preset.
package struct TransferOutcome: Codable, Sendable {
  package var label: String
  package var setting: String
  package var startLoss: Double?
  package var endLoss: Double?
  /// The negative log-likelihood alone, which compares across priors and weights.
  package var startStyleLoss: Double?
  package var endStyleLoss: Double?
  /// Mean squared difference of the logits.
  package var parameterError: Double
  /// The same in the metric of the experiment.
  package var mahalanobisParameterError: Double?
  /// MSS and MLDR of the whole vocal, left/right.
  package var spectralDistance: Double
  package var dynamicDistance: Double
  /// Distance of the preset found from the prior's mean, squared.
  package var squaredMahalanobis: Double?
}
