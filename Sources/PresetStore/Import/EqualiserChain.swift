import FXParams
import Foundation

extension ChainDescription {
  /// The chain of some equalisers: as many bands of each response as the largest has, with ranges of all bands of a
  /// response alike, from half the lowest value to twice the highest, and an upper bound of a frequency at most
  /// half-way to half the sample rate. A shelf whose frequency or Q is the same in all files has it fixed.
  ///
  /// - Throws: ``DataError`` for a frequency that the sample rate cannot have.
  init(equalisers: [EqualiserText], sampleRate: Double) throws {
    for text in equalisers {
      guard let bad = text.filters.first(where: { $0.frequencyHz >= sampleRate / 2 }) else { continue }
      throw DataError(
        .invalidValue, text.path,
        "Line \(bad.line) of \(text.path) has a filter at \(bad.frequencyHz) Hz, at or beyond half the sample rate "
          + "of \(sampleRate) Hz: correct it, or give a chain of a higher rate.")
    }
    let series: [SeriesEffect] = BiquadBand.Response.allCases.flatMap { response -> [SeriesEffect] in
      let found = equalisers.map { $0.filters.filter { $0.response == response } }
      let count = found.map(\.count).max() ?? 0
      let filters = found.flatMap { $0 }
      guard count > 0 else { return [] }
      let frequency = Self.setting(filters.map(\.frequencyHz), response, ceiling: sampleRate / 2)
      let q = Self.setting(filters.map(\.q), response, ceiling: .infinity)
      return (1...count).map { number in
        let name = response.bandName + (count > 1 || response == .peak ? "\(number)" : "")
        return .biquad(BiquadBand(name: name, response: response, frequencyHz: frequency, q: q))
      }
    }
    self.init(sampleRate: sampleRate, series: series, sends: [], hasCrossSends: false, hasDirectPan: false)
  }

  private static func setting(
    _ values: [Double], _ response: BiquadBand.Response, ceiling: Double
  ) -> ParameterSetting {
    let (lowest, highest) = (values.min() ?? 1, values.max() ?? 1)
    if response.isShelf, lowest == highest { return .fixed(lowest) }
    let upper = min(2 * highest, ceiling.isFinite ? (highest + ceiling) / 2 : .infinity)
    return .free(ParameterBounds(lowest / 2, upper))
  }
}

extension BiquadBand.Response {
  fileprivate var bandName: String {
    switch self {
    case .peak: "peak"
    case .lowShelf: "low"
    case .highShelf: "high"
    case .lowPass: "lowpass"
    case .highPass: "highpass"
    }
  }
}
