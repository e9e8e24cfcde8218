/// A number by which an evaluation judges a preset: the name of a column of scores, and what people call it. Less
/// is better for each.
public struct ScoreMetric: Sendable, Hashable {
  /// The name of the column.
  public let key: String
  /// What tables and figures call it.
  public let label: String
  /// Whether the published scores have it; the others are PriorKit's additions.
  public let isPublished: Bool

  /// A column of another program's.
  public init(key: String) { self = Self.known.first { $0.key == key } ?? Self(key, key, isPublished: false) }

  private init(_ key: String, _ label: String, isPublished: Bool) {
    (self.key, self.label, self.isPublished) = (key, label, isPublished)
  }

  /// MLDR, the distance of the loudness dynamic range, of left and right.
  public static let dynamicRangeLeftRight = Self("mldr_lr", "MLDR l/r", isPublished: true)
  /// MSS, the multi-resolution spectral distance, of left and right.
  public static let spectralLeftRight = Self("mss_lr", "MSS l/r", isPublished: true)
  /// MLDR of mid and side.
  public static let dynamicRangeMidSide = Self("mldr_ms", "MLDR m/s", isPublished: true)
  /// MSS of mid and side.
  public static let spectralMidSide = Self("mss_ms", "MSS m/s", isPublished: true)
  /// PMSE, the mean squared difference of the logits.
  public static let parameter = Self("param_mse", "PMSE", isPublished: true)
  /// MSS of mid and side, with a floor under the energy of the reference's side.
  public static let flooredSpectralMidSide = Self("mss_ms_floored", "MSS m/s, floored", isPublished: false)
  /// PMSE in the metric of a Gaussian prior.
  public static let mahalanobisParameter = Self("param_mse_mahalanobis", "Mahalanobis PMSE", isPublished: false)
  /// PMSE to the nearest of the copies that sound the same.
  public static let orbitParameter = Self("param_mse_orbit", "orbit-minimal PMSE", isPublished: false)
  /// The difference of the integrated loudness (BS.1770) without its sign, in LU.
  public static let loudnessError = Self("loudness_error_lu", "loudness error (LU)", isPublished: false)

  /// The columns of the published scores, in their order.
  public static let published = [
    dynamicRangeLeftRight, spectralLeftRight, dynamicRangeMidSide, spectralMidSide, parameter,
  ]
  /// What PriorKit adds.
  public static let additions = [flooredSpectralMidSide, mahalanobisParameter, orbitParameter, loudnessError]
  private static let known = published + additions
}
