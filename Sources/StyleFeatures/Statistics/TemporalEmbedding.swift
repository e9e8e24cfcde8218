import NumericCore

/// The tail that every framewise encoder shares: series of features over time, four moments of each, scaled to unit
/// norm.
///
/// The vector lists the features one after the other, each as (mean, deviation, skewness, excess kurtosis), and is
/// divided by max(norm, 1e-12). All of it is computed in Double.
package final class TemporalEmbedding {
  static let normFloor = 1e-12

  package let featureCount: Int
  package let frameCount: Int
  private let series: SignalBuffer<Double>
  private let cotangents: SignalBuffer<Double>
  private var moments: [TemporalMoments]
  private var unit: [Double]
  private var momentCotangents: [Double]
  private var norm = 0.0

  package init(featureCount: Int, frameCount: Int) {
    self.featureCount = featureCount
    self.frameCount = frameCount
    series = SignalBuffer(count: featureCount * frameCount)
    cotangents = SignalBuffer(count: featureCount * frameCount)
    moments = Array(repeating: TemporalMoments(), count: featureCount)
    unit = Array(repeating: 0, count: featureCount * TemporalMoments.count)
    momentCotangents = unit
  }

  /// The values of one feature over time, to be written before ``embed(into:)``.
  package func series(feature: Int) -> UnsafeMutablePointer<Double> { series.pointer + feature * frameCount }

  /// What ``pullback(_:)`` found about one feature over time.
  package func cotangent(feature: Int) -> UnsafePointer<Double> {
    UnsafePointer(cotangents.pointer + feature * frameCount)
  }

  /// The unit vector of the series as they stand; allocates only where `result` has another length.
  package func embed(into result: inout [Double]) {
    var squares = 0.0
    for feature in 0..<featureCount {
      let values = TemporalMoments(of: series(feature: feature), count: frameCount)
      moments[feature] = values
      let first = feature * TemporalMoments.count
      unit[first] = values.mean
      unit[first + 1] = values.deviation
      unit[first + 2] = values.skewness
      unit[first + 3] = values.excessKurtosis
      for index in first..<first + TemporalMoments.count { squares += unit[index] * unit[index] }
    }
    norm = squares.squareRoot()
    let scale = 1 / max(norm, Self.normFloor)
    for index in unit.indices { unit[index] *= scale }
    // Copied number by number, so that the workspace stays uniquely owned and the next call does not allocate for
    // it.
    if result.count != unit.count { result = Array(repeating: 0, count: unit.count) }
    for index in unit.indices { result[index] = unit[index] }
  }

  /// Pulls a cotangent of the latest unit vector u back to the series: (g - u <u, g>)/norm, then the moments.
  package func pullback(_ cotangent: [Double]) {
    precondition(cotangent.count == unit.count, "A cotangent of \(cotangent.count) numbers, not \(unit.count)")
    var projection = 0.0
    if norm > Self.normFloor {
      for index in unit.indices { projection += unit[index] * cotangent[index] }
    }
    let scale = 1 / max(norm, Self.normFloor)
    for index in unit.indices {
      momentCotangents[index] = (cotangent[index] - projection * unit[index]) * scale
    }
    momentCotangents.withUnsafeBufferPointer { all in
      guard let first = all.baseAddress else { return }
      for feature in 0..<featureCount {
        moments[feature].pullback(
          first + feature * TemporalMoments.count, series: series(feature: feature), count: frameCount,
          into: cotangents.pointer + feature * frameCount)
      }
    }
  }
}
