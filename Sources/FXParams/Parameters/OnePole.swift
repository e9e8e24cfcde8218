import Foundation

/// The one-pole coefficient and its time constant in milliseconds, by the convention of the DiffVox code:
/// coefficient = 1 - exp(-2200 / (milliseconds sampleRate)).
public enum OnePole {
  public static func coefficient(milliseconds: Double, sampleRate: Double) -> Double {
    -expm1(-2200 / (milliseconds * sampleRate))
  }

  public static func milliseconds(coefficient: Double, sampleRate: Double) -> Double {
    -2200 / (sampleRate * log1p(-coefficient))
  }
}
