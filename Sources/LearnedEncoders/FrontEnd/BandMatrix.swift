import Foundation
package import NumericCore

/// The matrix that sums the bins of a power spectrum into mel bands, [bins][bands]; what is zero at the ends of a
/// band is left out.
package struct BandMatrix<Scalar: SignalScalar>: Sendable {
  /// Bins of a spectrum.
  package let binCount: Int
  /// Bands that they are summed into.
  package let bandCount: Int

  private struct Band: Sendable {
    let first: Int
    let weights: [Scalar]
  }
  private let bands: [Band]

  /// - Parameters:
  ///   - weights: [bins][bands], row by row.
  ///   - binCount: bins of a spectrum.
  package init(_ weights: [Float], binCount: Int) {
    self.init(weights.map { Double($0) }, binCount: binCount)
  }

  private init(_ weights: [Double], binCount: Int) {
    let bandCount = weights.count / binCount
    precondition(
      binCount * bandCount == weights.count, "\(weights.count) weights are no matrix of \(binCount) rows")
    (self.binCount, self.bandCount) = (binCount, bandCount)
    bands = (0..<bandCount).map { band in
      let used = (0..<binCount).filter { weights[$0 * bandCount + band] != 0 }
      guard let first = used.first, let last = used.last else { return Band(first: 0, weights: []) }
      return Band(first: first, weights: (first...last).map { Scalar(weights[$0 * bandCount + band]) })
    }
  }

  /// Triangles on the Slaney mel scale with unit area: librosa's default filters.
  ///
  /// The scale is linear below 1000 Hz, 200/3 Hz a mel, and logarithmic above, 27 mels per factor of 6.4.
  /// - Parameters:
  ///   - bandCount: how many bands.
  ///   - windowLength: samples of the transform, whose bins are multiples of sampleRate/windowLength.
  ///   - sampleRate: in Hz.
  ///   - range: lowest and highest corner in Hz.
  package init(slaneyBands bandCount: Int, windowLength: Int, sampleRate: Int, range: ClosedRange<Double>) {
    let binCount = windowLength / 2 + 1
    let (low, high) = (Self.mel(range.lowerBound), Self.mel(range.upperBound))
    let corners = (0...bandCount + 1).map { Self.hertz(low + (high - low) * Double($0) / Double(bandCount + 1)) }
    var weights = [Double](repeating: 0, count: binCount * bandCount)
    for bin in 0..<binCount {
      let frequency = Double(bin) * Double(sampleRate) / Double(windowLength)
      for band in 0..<bandCount {
        let rise = (frequency - corners[band]) / (corners[band + 1] - corners[band])
        let fall = (corners[band + 2] - frequency) / (corners[band + 2] - corners[band + 1])
        weights[bin * bandCount + band] = max(0, min(rise, fall)) * 2 / (corners[band + 2] - corners[band])
      }
    }
    self.init(weights, binCount: binCount)
  }

  private static var step: Double { log(6.4) / 27 }

  private static func mel(_ hertz: Double) -> Double {
    hertz < 1000 ? hertz * 3 / 200 : 15 + log(hertz / 1000) / step
  }

  private static func hertz(_ mel: Double) -> Double { mel < 15 ? mel * 200 / 3 : 1000 * exp(step * (mel - 15)) }

  /// Sums ``binCount`` powers into ``bandCount`` numbers.
  package func forward(_ power: UnsafePointer<Scalar>, into sums: UnsafeMutablePointer<Scalar>) {
    for (index, band) in bands.enumerated() {
      var sum: Scalar = 0
      band.weights.withUnsafeBufferPointer { weights in
        for bin in weights.indices { sum += weights[bin] * power[band.first + bin] }
      }
      sums[index] = sum
    }
  }

  /// Overwrites `power` by the cotangent that that of the sums gives.
  package func pullback(_ sums: UnsafePointer<Scalar>, into power: UnsafeMutablePointer<Scalar>) {
    power.update(repeating: 0, count: binCount)
    for (index, band) in bands.enumerated() {
      let cotangent = sums[index]
      band.weights.withUnsafeBufferPointer { weights in
        for bin in weights.indices { power[band.first + bin] += weights[bin] * cotangent }
      }
    }
  }
}
