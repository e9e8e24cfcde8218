import FXParams
import Foundation

extension ChainDescription {
  /// The chain of some equalisers: as many bands of each response as the largest has, with ranges of all bands of a
  /// response alike, from half the lowest value to twice the highest, and an upper bound of a frequency at most
  /// half-way to half the sample rate. A shelf whose frequency or Q is the same in all files has it fixed.
  ///
  /// - Parameters:
  ///   - equalisers: at least one.
  ///   - sampleRate: in Hz.
  ///   - makesOptional: whether bands beyond those of the smallest file are optional.
  /// - Throws: ``DataError`` for a frequency that the sample rate cannot have, and for more optional bands than a
  ///   chain may have.
  init(equalisers: [EqualiserText], sampleRate: Double, makesOptional: Bool = false) throws {
    for text in equalisers {
      guard let bad = text.filters.first(where: { $0.frequencyHz >= sampleRate / 2 }) else { continue }
      throw DataError(
        .invalidValue, text.path,
        "Line \(bad.line) of \(text.path) has a filter at \(bad.frequencyHz) Hz, at or beyond half the sample rate "
          + "of \(sampleRate) Hz: correct it, or give a chain of a higher rate.")
    }
    var optional: Set<String> = []
    let series: [SeriesEffect] = BiquadBand.Response.allCases.flatMap { response -> [SeriesEffect] in
      let found = equalisers.map { $0.filters.filter { $0.response == response } }
      let count = found.map(\.count).max() ?? 0
      let filters = found.flatMap { $0 }
      guard count > 0 else { return [] }
      let frequency = Self.setting(filters.map(\.frequencyHz), response, ceiling: sampleRate / 2)
      let q = Self.setting(filters.map(\.q), response, ceiling: .infinity)
      return (1...count).map { number in
        let name = response.bandName + (count > 1 || response == .peak ? "\(number)" : "")
        if makesOptional, found.contains(where: { $0.count < number }) { optional.insert(name) }
        return .biquad(BiquadBand(name: name, response: response, frequencyHz: frequency, q: q))
      }
    }
    self.init(sampleRate: sampleRate, series: series, sends: [], hasCrossSends: false, hasDirectPan: false)
    optionalEffects = optional
    guard optional.count > Self.mostOptionalEffects else { return }
    throw DataError(
      .missingBands, equalisers[0].path,
      "\(optional.count) bands of the largest file are not in all, and a chain may have \(Self.mostOptionalEffects)"
        + " optional: have them filled with neutral values, or give a chain.")
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
