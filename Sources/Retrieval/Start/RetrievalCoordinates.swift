public import FXParams
import Foundation
public import Inference
public import NumericCore

/// Coordinates in which a retrieval without a prior walks: what one step of a parameter means, by its kind.
///
/// Logits have units of their own: a dB of a gain is nothing, a unit of a reverb's output gain is all. The scales
/// are about the standard deviations of professional presets. The points of a decay curve move together.
public enum RetrievalCoordinates {
  /// Points over which the correlation of a decay curve falls to 1/e.
  private static let correlationLength = 12.0

  /// - Parameters:
  ///   - chain: the effects.
  ///   - centre: logits, one for each parameter.
  /// - Throws: `LinearAlgebraError`, which these scales do not bring about.
  public static func typical(of chain: ChainDescription, centre: [Double]) throws -> WhiteCoordinates {
    try WhiteCoordinates(centre: centre, covariance: covariance(of: chain))
  }

  /// Typical standard deviations of the logits of a chain.
  public static func scales(of chain: ChainDescription) -> [Double] { chain.parameterSpace.parameters.map(scale) }

  /// The covariance of the typical coordinates of a chain.
  public static func covariance(of chain: ChainDescription) -> Matrix {
    let scales = scales(of: chain)
    var covariance = Matrix.diagonal(scales.map { $0 * $0 })
    for (effect, place) in zip(chain.sends, chain.slots.sends) {
      guard let network = effect.network else { continue }
      let curve = network.slots.attenuations.map { place.lowerBound + $0 }
      for row in curve {
        for column in curve {
          covariance[row, column] =
            scales[row] * scales[column] * exp(-Double(abs(row - column)) / correlationLength)
        }
      }
    }
    return covariance
  }

  private static func scale(of parameter: Parameter) -> Double {
    switch parameter.bijector {
    case .identity: parameter.unit == .decibel ? 4.5 : 0.4
    case .sigmoid: parameter.unit == .hertz ? 2 : 1.5
    case .folded: 0.3
    }
  }
}
