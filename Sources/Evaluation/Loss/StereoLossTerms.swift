/// The distances that make the loss of a retrieval, of one recording or the mean of several.
public struct StereoLossTerms: Sendable, Hashable, Codable {
  /// MSS of left and right.
  public var spectralLeftRight = 0.0
  /// MSS of sum and difference.
  public var spectralMidSide = 0.0
  /// MLDR of left and right.
  public var dynamicRangeLeftRight = 0.0
  /// MLDR of mid and side.
  public var dynamicRangeMidSide = 0.0

  /// No distance at all.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case spectralLeftRight = "spectral_left_right"
    case spectralMidSide = "spectral_mid_side"
    case dynamicRangeLeftRight = "dynamic_range_left_right"
    case dynamicRangeMidSide = "dynamic_range_mid_side"
  }

  /// The weighted sum.
  public func total(_ weights: StereoLossWeights = .published) -> Double {
    weights.spectralLeftRight * spectralLeftRight + weights.spectralMidSide * spectralMidSide
      + weights.dynamicRangeLeftRight * dynamicRangeLeftRight + weights.dynamicRangeMidSide * dynamicRangeMidSide
  }

  /// Adds a share of other distances.
  public mutating func add(_ other: StereoLossTerms, share: Double) {
    spectralLeftRight += share * other.spectralLeftRight
    spectralMidSide += share * other.spectralMidSide
    dynamicRangeLeftRight += share * other.dynamicRangeLeftRight
    dynamicRangeMidSide += share * other.dynamicRangeMidSide
  }
}

/// How much each distance counts in the loss of a retrieval.
public struct StereoLossWeights: Sendable, Hashable {
  /// Of MSS of left and right.
  public var spectralLeftRight = 1.0
  /// Of MSS of sum and difference.
  public var spectralMidSide = 0.5
  /// Of MLDR of left and right.
  public var dynamicRangeLeftRight = 0.5
  /// Of MLDR of mid and side.
  public var dynamicRangeMidSide = 0.25

  private init() {}

  /// Those by which the DiffVox presets were found (arXiv 2504.14735).
  public static let published = StereoLossWeights()
}
