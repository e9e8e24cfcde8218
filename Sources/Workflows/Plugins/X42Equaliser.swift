import FXParams
import Foundation
package import PresetStore

/// An equaliser as a preset of x42-eq (fil4): peaks and shelves exactly, passes nearly.
///
/// URI, ports and ranges: `src/uris.h`, `lv2ttl/fil4.ports.ttl.in` of x42/fil4.lv2. Filters:
///
/// - `src/filters.h`: a peak is an all-pass whose damping is b = 7 band f / sqrt g with f = frequency / rate; the
///   RBJ peak is the same filter with b = alpha / sqrt g, so band = sin(2 pi f) / (14 f Q).
/// - `src/iir.h` and `src/lv2.c`: RBJ shelves with Q = 0.2129 + port / 2.25.
/// - `src/hip.h`: two first-order high-passes with feedback q = 0.7 + 0.78 tanh(1.82 (port - 0.8)), whose analogue
///   form has Q = 1 / (2 - q).
/// - `src/lop.h`: two first-order low-passes with feedback r = 3 port^3.20772, whose analogue form has
///   Q = sqrt(1 + r) / 2.
package enum X42Equaliser {
  static let uri = "http://gareus.org/oss/lv2/fil4#mono"

  /// The ranges of the four peaks.
  private static let sections: [ClosedRange<Double>] = [20...2000, 40...4000, 100...10_000, 200...20_000]

  /// What the plugin does in another way, in sentences.
  package static let limits = [
    "x42-eq is an alternative to LSP's equaliser: load one of the two.",
    "The passes of x42-eq are other designs than the chain's: where Q is in range, the high-pass differs by up to "
      + "1.2 dB, and the low-pass by up to 1.3 dB below 5 kHz and by more above.",
  ]

  /// The preset, and the names of bands for which the plugin has no filter left.
  package static func preset(
    for bands: [EffectSettings.Band], sampleRate: Double
  ) -> (preset: LV2Preset, left: [String]) {
    var preset = LV2Preset(role: "equaliser (x42)", plugin: "x42-eq", uri: uri)
    preset.set(["enable": 1, "gain": 0])
    var left: [String] = []
    func only(_ response: BiquadBand.Response) -> EffectSettings.Band? {
      let found = bands.filter { $0.response == response }
      left += found.dropFirst().map(\.name)
      return found.first
    }
    setPass(&preset, only(.highPass), "HighPass", "HP", 5...1250, q: 0.5...highestHighPassQ, highPassPort)
    setPass(&preset, only(.lowPass), "LowPass", "LP", 500...20_000, q: 0.5...highestLowPassQ, lowPassPort)
    setShelf(&preset, only(.lowShelf), "LS", 25...400)
    setShelf(&preset, only(.highShelf), "HS", 1000...16_000)
    let peaks = bands.filter { $0.response == .peak }
    left += peaks.dropFirst(sections.count).map(\.name)
    setPeaks(&preset, Array(peaks.prefix(sections.count)), sampleRate: sampleRate)
    return (preset, left)
  }

  // MARK: - Filters

  private static func setPeaks(_ preset: inout LV2Preset, _ peaks: [EffectSettings.Band], sampleRate: Double) {
    var free = Array(sections.indices)
    // Low peaks have fewer sections to choose from.
    for band in peaks.sorted(by: { $0.frequencyHz < $1.frequencyHz }) {
      let section = free.first { sections[$0].contains(band.frequencyHz) } ?? free[0]
      free.removeAll { $0 == section }
      let number = section + 1
      preset.set("sec\(number)", 1)
      preset.set("freq\(number)", band.frequencyHz, in: sections[section], .hertz, of: "\(band.name).frequency")
      let width = bandwidth(q: band.q, frequencyHz: band.frequencyHz, sampleRate: sampleRate)
      preset.set("q\(number)", width, in: 0.0625...4, .one, of: "The bandwidth of \(band.name)")
      preset.set("gain\(number)", band.gainDB, in: -18...18, .decibel, of: "\(band.name).gain")
    }
    for section in free { preset.set("sec\(section + 1)", 0) }
  }

  private static func setShelf(
    _ preset: inout LV2Preset, _ band: EffectSettings.Band?, _ port: String, _ range: ClosedRange<Double>
  ) {
    preset.set("\(port)sec", band == nil ? 0 : 1)
    guard let band else { return }
    preset.set("\(port)freq", band.frequencyHz, in: range, .hertz, of: "\(band.name).frequency")
    var own = preset.range
    let q = own.value(band.q, in: shelfQ(port: 0.0625)...shelfQ(port: 4), .one, of: "\(band.name).q")
    preset.note(own)
    preset.set("\(port)q", (q - 0.2129) * 2.25)
    preset.set("\(port)gain", band.gainDB, in: -18...18, .decibel, of: "\(band.name).gain")
  }

  private static func setPass(
    _ preset: inout LV2Preset, _ band: EffectSettings.Band?, _ toggle: String, _ port: String,
    _ range: ClosedRange<Double>, q: ClosedRange<Double>, _ resonance: (Double) -> Double
  ) {
    preset.set(toggle, band == nil ? 0 : 1)
    guard let band else { return }
    preset.set("\(port)freq", band.frequencyHz, in: range, .hertz, of: "\(band.name).frequency")
    var own = preset.range
    let inside = own.value(band.q, in: q, .one, of: "\(band.name).q")
    preset.note(own)
    preset.set("\(port)Q", resonance(inside))
  }

  // MARK: - Resonances

  private static func shelfQ(port: Double) -> Double { 0.2129 + port / 2.25 }

  /// That of a peak with the response of an RBJ peak.
  package static func bandwidth(q: Double, frequencyHz: Double, sampleRate: Double) -> Double {
    let frequency = frequencyHz / sampleRate
    return sin(2 * .pi * frequency) / (14 * frequency * q)
  }

  /// Up to where the port's 1.4 reaches.
  private static let highestHighPassQ = 1 / (1.3 - 0.78 * tanh(1.82 * 0.6))
  private static let highestLowPassQ = (1 + 3 * pow(1.4, 3.20772)).squareRoot() / 2

  package static func highPassPort(q: Double) -> Double {
    let bounded = min(max((1.3 - 1 / q) / 0.78, tanh(-1.82 * 0.8)), tanh(1.82 * 0.6))
    return 0.8 + atanh(bounded) / 1.82
  }

  package static func lowPassPort(q: Double) -> Double { pow(max(4 * q * q - 1, 0) / 3, 1 / 3.20772) }
}
