public import FXParams
import Foundation

/// The magnitude response of a chain's equaliser: all its biquads in series.
public struct EqualiserResponse {
  private let bands: [(response: BiquadBand.Response, slots: BiquadBand.Slots, offset: Int)]
  private let sampleRate: Double

  /// Nil for a chain without biquads in series.
  public init?(_ chain: ChainDescription) {
    bands = zip(chain.series, chain.slots.series).compactMap { effect, positions in
      if case .biquad(let band) = effect { (band.response, band.slots, positions.lowerBound) } else { nil }
    }
    guard !bands.isEmpty else { return nil }
    sampleRate = chain.sampleRate
  }

  /// Levels in dB at frequencies in Hz: 20 log10 |H(exp(2 pi i f / sampleRate))|.
  ///
  /// - Parameters:
  ///   - values: constrained values of the whole chain, in flat order.
  ///   - frequenciesHz: from 0 to half the sample rate; one level for each, in their order.
  public func levelsDB(values: [Double], frequenciesHz: [Double]) -> [Double] {
    let coefficients = values.withUnsafeBufferPointer { buffer in
      bands.compactMap { response, slots, offset in
        buffer.baseAddress.map {
          BandDesign(response, slots, values: $0 + offset, sampleRate: sampleRate).coefficients
        }
      }
    }
    return frequenciesHz.map { frequency in
      let omega = 2 * Double.pi * frequency / sampleRate
      return coefficients.reduce(0) { $0 + 10 * log10($1.power(at: omega)) }
    }
  }
}
