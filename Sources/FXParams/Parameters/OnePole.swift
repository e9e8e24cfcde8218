import Foundation

/// The one-pole coefficient and its time in milliseconds, by the convention of the DiffVox code:
/// coefficient = 1 - exp(-2200 / (milliseconds sampleRate)).
///
/// The smoother y += coefficient (x - y) then rises from 10 % to 90 % of a step in that time, since log 9 is 2.2.
/// Both maps fall strictly and are inverse to each other for times above 0 and coefficients in (0, 1). They keep
/// their relative precision for long times, where the coefficient is small.
public enum OnePole {
  /// In (0, 1), for a rise time above 0 and a sample rate in Hz.
  public static func coefficient(milliseconds: Double, sampleRate: Double) -> Double {
    -expm1(-2200 / (milliseconds * sampleRate))
  }

  /// The rise time, for a coefficient in (0, 1) and a sample rate in Hz.
  public static func milliseconds(coefficient: Double, sampleRate: Double) -> Double {
    -2200 / (sampleRate * log1p(-coefficient))
  }
}
