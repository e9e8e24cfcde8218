import FXParams
import Foundation

/// A filter of an equaliser as text configurations have it.
///
/// The format is that of Equalizer APO and Room EQ Wizard, which AutoEq writes too: `Filter 1: ON PK Fc 105 Hz
/// Gain -3.6 dB Q 0.37`. Types are PK, PEQ and Modal (peaks), LS, LSC, HS, HSC (shelves), LP, LPQ, HP and HPQ
/// (passes). The rules are those of Equalizer APO (`BiQuadFilterFactory.cpp`, `BiQuadFilter.cpp`): a pass without
/// a width has Q 0.7071, a shelf the slope S 0.9; `BW Oct` is a bandwidth in octaves; `LSC 9 dB` is a shelf of
/// slope S 9/12; LS and HS with a Q or a slope give a corner, which lies beside the centre that LSC and HSC give;
/// a comma is a point; and a frequency with three digits after its mark, such as `1.000`, is in thousands.
struct EqualiserFilter: Sendable, Hashable {
  let response: BiquadBand.Response
  /// 0 for passes.
  let gainDB: Double
  let frequencyHz: Double
  let q: Double
  /// From 1.
  let line: Int

  /// Why a line with a filter is no use, as the end of a sentence that has named the line.
  struct Refusal: Error {
    let reason: String
  }

  private enum Width {
    case q(Double)
    case octaves(Double)
    /// S of the cookbook, 1 for 12 dB per octave.
    case slope(Double)
    case none
  }

  private static let responses: [String: BiquadBand.Response] = [
    "pk": .peak, "peq": .peak, "modal": .peak, "ls": .lowShelf, "lsc": .lowShelf, "hs": .highShelf,
    "hsc": .highShelf, "lp": .lowPass, "lpq": .lowPass, "hp": .highPass, "hpq": .highPass,
  ]

  /// - Parameters:
  ///   - text: what follows the word ON.
  ///   - sampleRate: in Hz; a width in octaves is that of the filter at this rate.
  /// - Throws: ``Refusal``.
  init(_ text: String, line: Int, sampleRate: Double) throws {
    let type = text.prefix { !$0.isWhitespace }
    guard let response = Self.responses[type.lowercased()] else {
      throw Refusal(
        reason:
          "is of the type \(type.isEmpty ? "(none)" : String(type)), which no band of a chain has: turn it OFF, or "
          + "use one of PK, LSC, HSC, LS, HS, LP, LPQ, HP and HPQ")
    }
    let words = FilterWords(text.dropFirst(type.count))
    guard let written = Self.frequency(in: words), written > 0, written.isFinite else {
      throw Refusal(reason: "has no frequency: write it as Fc 105 Hz")
    }
    guard let gainDB = response.hasGain ? words.number(after: "gain", unit: "db") : 0, gainDB.isFinite else {
      throw Refusal(reason: "has no gain: write it as Gain -3.6 dB")
    }
    let width = try Self.width(in: words, response)
    let amplitude = pow(10, gainDB / 40)
    let sum = amplitude + 1 / amplitude
    var centre = written
    if !type.lowercased().hasSuffix("c"), let slope = Self.slope(width, sum: sum), response.isShelf {
      let factor = pow(10, abs(gainDB) / 80 / slope)
      centre = response == .lowShelf ? written * factor : written / factor
    }
    let q = Self.q(width, response, sum: sum, omega: 2 * .pi * centre / sampleRate)
    guard let q, q > 0, q.isFinite, centre.isFinite, centre > 0 else {
      throw Refusal(reason: "has a width that no filter has: write it as Q 0.7")
    }
    (self.response, self.gainDB, frequencyHz, self.q, self.line) = (response, gainDB, centre, q, line)
  }

  // MARK: - Parts

  private static func frequency(in words: FilterWords) -> Double? {
    guard let digits = words.digits(after: "fc", unit: "hz"), let number = Double(digits) else { return nil }
    let hasThousands = digits.count >= 5 && digits.suffix(4).first == "." && !digits.contains("e")
    return hasThousands ? number * 1000 : number
  }

  private static func width(in words: FilterWords, _ response: BiquadBand.Response) throws -> Width {
    if !response.isShelf, let octaves = words.number(after: "bw", "oct") { return .octaves(octaves) }
    if response.isShelf, let slope = words.number(unit: "db") { return .slope(slope / 12) }
    if let q = words.number(after: "q"), q != 0 { return .q(q) }
    guard response != .peak else { throw Refusal(reason: "has no width: write it as Q 0.7 or BW Oct 1.9") }
    return .none
  }

  /// S of a width that is given; nil for what is left out.
  private static func slope(_ width: Width, sum: Double) -> Double? {
    switch width {
    case .slope(let slope): slope
    case .q(let q): 1 / ((1 / (q * q) - 2) / sum + 1)
    case .octaves, .none: nil
    }
  }

  /// Formulas of the RBJ Audio EQ Cookbook; `sum` is A + 1/A.
  private static func q(
    _ width: Width, _ response: BiquadBand.Response, sum: Double, omega: Double
  ) -> Double? {
    switch width {
    case .q(let q): q
    case .octaves(let octaves): 1 / (2 * sinh(log(2) / 2 * octaves * omega / sin(omega)))
    case .slope(let slope): slope > 0 ? 1 / (sum * (1 / slope - 1) + 2).squareRoot() : nil
    case .none: response.isShelf ? 1 / (sum * (1 / 0.9 - 1) + 2).squareRoot() : 0.5.squareRoot()
    }
  }
}

extension BiquadBand.Response {
  var isShelf: Bool { self == .lowShelf || self == .highShelf }

  /// As sentences count it: `peak`, `low shelf`.
  var words: String { rawValue.replacing("_", with: " ") }
}

/// The words of a line, in lower case and with points for commas.
private struct FilterWords {
  private let words: [String]

  init(_ text: some StringProtocol) {
    words = text.lowercased().replacing(",", with: ".").split(whereSeparator: \.isWhitespace).map { String($0) }
  }

  /// The number behind some words, or at the beginning.
  func number(after names: String..., unit: String = "") -> Double? {
    digits(after: names, unit: unit).flatMap { Double($0) }
  }

  /// As it is written.
  func digits(after names: String..., unit: String = "") -> String? { digits(after: names, unit: unit) }

  private func digits(after names: [String], unit: String) -> String? {
    let starts = names.isEmpty ? 0..<1 : words.indices
    guard let start = starts.first(where: { words.dropFirst($0).starts(with: names) }) else { return nil }
    let rest = words.dropFirst(start + names.count)
    guard let first = rest.first else { return nil }
    let digits = first.prefix { $0.isASCII && ($0.isNumber || "+-.e".contains($0)) }
    // The unit may be written without a space before it.
    let found = digits.count < first.count ? String(first.dropFirst(digits.count)) : rest.dropFirst().first ?? ""
    return digits.isEmpty || !(unit.isEmpty || found == unit) ? nil : String(digits)
  }
}
