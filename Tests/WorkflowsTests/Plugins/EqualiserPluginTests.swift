import FXChain
import FXParams
import Foundation
import NumericCore
import PresetStore
import Testing
import Workflows

/// Complex numbers on the unit circle, as far as responses of filters need them.
private struct Point {
  var re: Double
  var im: Double

  static func + (a: Point, b: Point) -> Point { Point(re: a.re + b.re, im: a.im + b.im) }
  static func * (a: Point, b: Point) -> Point {
    Point(re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re)
  }
  static func * (a: Double, b: Point) -> Point { Point(re: a * b.re, im: a * b.im) }
  static func / (a: Point, b: Point) -> Point {
    let norm = b.re * b.re + b.im * b.im
    return Point(re: (a.re * b.re + a.im * b.im) / norm, im: (a.im * b.re - a.re * b.im) / norm)
  }
  var levelDB: Double { 10 * log10(re * re + im * im) }
}

private let one = Point(re: 1, im: 0)

/// z^-1 at a frequency.
private func delay(_ frequencyHz: Double, _ rate: Double) -> Point {
  let omega = 2 * Double.pi * frequencyHz / rate
  return Point(re: cos(omega), im: -sin(omega))
}

private func quadratic(_ c: (Double, Double, Double), _ z: Point) -> Point { c.0 * one + c.1 * z + c.2 * (z * z) }

@Suite struct EqualiserPluginTests {
  private let rate = 44_100.0
  /// Up to 16 kHz, six to the octave.
  private let frequencies = (0..<58).map { 20 * pow(2, Double($0) / 6) }

  /// Presets of the DiffVox chain, spread over its ranges.
  private func presets(_ count: Int) -> [[Double]] {
    var source = RandomSource(seed: 7)
    let space = ChainDescription.diffVox.parameterSpace
    return (0..<count).map { _ in
      space.values(ofLogits: (0..<space.count).map { _ in 2 * source.nextNormal() })
    }
  }

  private func bands(_ values: [Double]) throws -> [EffectSettings.Band] {
    let settings = EffectSettings(chain: .diffVox, values: values)
    guard case .equaliser(let bands) = try #require(settings.parts.first) else { throw Missing() }
    return bands
  }

  private struct Missing: Error {}

  private func chainLevels(of bands: [EffectSettings.Band]) throws -> [Double] {
    let range = ParameterBounds(0.01, 20_000)
    let chain = ChainDescription(
      series: bands.enumerated().map { index, band in
        .biquad(
          .init(
            name: "band\(index)", response: band.response, frequencyHz: range,
            q: band.response.requiresQ ? range : nil))
      }, sends: [], hasDirectPan: false)
    let values = bands.flatMap { band in
      (band.response.hasGain ? [band.gainDB] : []) + [band.frequencyHz] + (band.response.requiresQ ? [band.q] : [])
    }
    return try #require(EqualiserResponse(chain)).levelsDB(values: values, frequenciesHz: frequencies)
  }

  // MARK: - LSP

  /// The filters of LSP's mode APO (DR), from the ports: the RBJ cookbook with gains as factors.
  private func lspLevel(_ preset: LV2Preset, _ frequencyHz: Double) throws -> Double {
    let z = delay(frequencyHz, rate)
    return try (0..<16).reduce(0) { total, index in
      let type = try #require(preset.value(of: "ft_\(index)"))
      guard type > 0 else { return total }
      #expect(preset.value(of: "fm_\(index)") == 6 && preset.value(of: "s_\(index)") == 0)
      let omega = 2 * Double.pi * (try #require(preset.value(of: "f_\(index)"))) / rate
      let alpha = sin(omega) / (2 * (try #require(preset.value(of: "q_\(index)"))))
      let amplitude = try #require(preset.value(of: "g_\(index)")).squareRoot()
      let c = cos(omega)
      let slope = 2 * alpha * amplitude.squareRoot()
      let (up, down) = (amplitude + 1, amplitude - 1)
      let top: (Double, Double, Double)
      let bottom: (Double, Double, Double)
      switch type {
      case 1:
        top = (1 + alpha * amplitude, -2 * c, 1 - alpha * amplitude)
        bottom = (1 + alpha / amplitude, -2 * c, 1 - alpha / amplitude)
      case 2:
        top = ((1 + c) / 2, -1 - c, (1 + c) / 2)
        bottom = (1 + alpha, -2 * c, 1 - alpha)
      case 4:
        top = ((1 - c) / 2, 1 - c, (1 - c) / 2)
        bottom = (1 + alpha, -2 * c, 1 - alpha)
      case 5:
        top = (
          amplitude * (up - down * c + slope), 2 * amplitude * (down - up * c), amplitude * (up - down * c - slope)
        )
        bottom = (up + down * c + slope, -2 * (down + up * c), up + down * c - slope)
      default:
        top = (
          amplitude * (up + down * c + slope), -2 * amplitude * (down + up * c), amplitude * (up + down * c - slope)
        )
        bottom = (up - down * c + slope, 2 * (down - up * c), up - down * c - slope)
      }
      return total + (quadratic(top, z) / quadratic(bottom, z)).levelDB
    }
  }

  @Test func lspPlaysTheSameResponse() throws {
    for values in presets(20) {
      let bands = try bands(values)
      let preset = try #require(LSPEqualiser.presets(for: bands).first)
      #expect(preset.range.sentences.isEmpty)
      for (expected, frequency) in zip(try chainLevels(of: bands), frequencies) {
        // Rounding, enlarged where a pass has fallen by a hundred decibels.
        #expect(abs(try lspLevel(preset, frequency) - expected) < 1e-6)
      }
      // The port holds a factor, the preset decibels.
      #expect(abs(20 * log10(preset.value(of: "g_0") ?? 0) - values[0]) < 1e-9)
    }
  }

  // MARK: - x42

  /// x42-eq's peak: half the sum, and half the difference times the gain, of the signal and an all-pass.
  private func x42PeakLevel(_ preset: LV2Preset, _ section: Int, _ frequencyHz: Double) throws -> Double {
    let f = try #require(preset.value(of: "freq\(section)")) / rate
    let gain = pow(10, try #require(preset.value(of: "gain\(section)")) / 20)
    let width = 7 * (try #require(preset.value(of: "q\(section)"))) * f / gain.squareRoot()
    let (s1, s2) = (-cos(2 * .pi * f), (1 - width) / (1 + width))
    let z = delay(frequencyHz, rate)
    let allPass =
      quadratic((s2, s1 * (1 + s2), 1), z) / quadratic((1, s1 * (1 + s2), s2), z)
    return (((1 + gain) / 2) * one + ((1 - gain) / 2) * allPass).levelDB
  }

  @Test(arguments: [(3.0, 100.0, 0.5), (-9, 440, 1), (12, 1000, 3), (-17, 2500, 7), (6, 5000, 0.2), (1, 15_000, 2)])
  func x42PeaksHaveTheSameResponse(gainDB: Double, frequencyHz: Double, q: Double) throws {
    let band = EffectSettings.Band(
      name: "peak", response: .peak, gainDB: gainDB, frequencyHz: frequencyHz, q: q)
    let preset = X42Equaliser.preset(for: [band], sampleRate: rate).preset
    #expect(preset.range.sentences.isEmpty)
    let section = try #require((1...4).first { preset.value(of: "sec\($0)") == 1 })
    for (expected, frequency) in zip(try chainLevels(of: [band]), frequencies) {
      #expect(abs(try x42PeakLevel(preset, section, frequency) - expected) < 1e-9)
    }
  }

  @Test func x42ShelvesHaveTheSameQ() {
    let band = EffectSettings.Band(
      name: "lowshelf", response: .lowShelf, gainDB: -3.5, frequencyHz: 115, q: BiquadBand.shelfQ)
    let preset = X42Equaliser.preset(for: [band], sampleRate: rate).preset
    #expect(preset.value(of: "LSgain") == -3.5 && preset.value(of: "LSfreq") == 115)
    #expect(abs(0.2129 + (preset.value(of: "LSq") ?? 0) / 2.25 - 0.707) < 1e-12)
    #expect(preset.value(of: "HSsec") == 0 && preset.value(of: "HighPass") == 0)
  }

  @Test func x42HighPassIsNear() throws {
    for frequencyHz in [30.0, 100, 300, 1000] {
      for q in [0.5, 0.707, 1, 1.4] {
        let band = EffectSettings.Band(
          name: "highpass", response: .highPass, gainDB: 0, frequencyHz: frequencyHz, q: q)
        let preset = X42Equaliser.preset(for: [band], sampleRate: rate).preset
        #expect(preset.range.sentences.isEmpty)
        let resonance = 0.7 + 0.78 * tanh(1.82 * ((preset.value(of: "HPQ") ?? 0) - 0.8))
        let f = (preset.value(of: "HPfreq") ?? 0) / rate
        let (a, gain) = (exp(-2 * Double.pi * f), 1 + f + 2 * resonance * f)
        for (expected, frequency) in zip(try chainLevels(of: [band]), frequencies) {
          let z = delay(frequency, rate)
          let stage = (a * (one + -1.0 * z)) / (one + -a * z)
          let loop = one + (gain * resonance) * (z * stage * (stage + -1.0 * one))
          let level = ((gain / a) * (stage * stage) / loop).levelDB
          // As the limits say.
          #expect(abs(level - expected) < 1.2, "\(frequencyHz) Hz, Q \(q), at \(frequency) Hz")
        }
      }
    }
  }

  @Test func x42TellsWhatItHasNoRoomFor() {
    let peaks = (0..<5).map {
      EffectSettings.Band(
        name: "p\($0)", response: .peak, gainDB: 1, frequencyHz: 100 * pow(3, Double($0)), q: 20)
    }
    let (preset, left) = X42Equaliser.preset(for: peaks, sampleRate: rate)
    #expect(left == ["p4"])
    // At Q 20 the bandwidth is below the least of the plugin.
    #expect(preset.range.sentences.count == 4 && preset.value(of: "q1") == 0.0625)
  }

  // MARK: - ReaEQ

  /// The widths of Daw2Daw's measurements, from octaves to the alpha of the RBJ cookbook.
  @Test(arguments: [(0.3, 100.0), (0.707, 1000), (4, 8000), (20, 15_000)])
  func octavesGiveTheQ(q: Double, frequencyHz: Double) {
    func band(_ response: BiquadBand.Response, gainDB: Double = 0, q: Double) -> EffectSettings.Band {
      .init(name: "band", response: response, gainDB: gainDB, frequencyHz: frequencyHz, q: q)
    }
    let omega = 2 * Double.pi * frequencyHz / rate
    let peak = ReaperRack.octaves(band(.peak, q: q), sampleRate: rate)
    let alpha = sin(omega) * sinh(log(2) / 2 * peak * omega / sin(omega))
    #expect(abs(sin(omega) / (2 * alpha) - q) < 1e-9 * q)
    let pass = ReaperRack.octaves(band(.highPass, q: q), sampleRate: rate)
    #expect(abs(1 / (2 * sinh(log(2) / 2 * pass)) - q) < 1e-9 * q)
    let shelf = ReaperRack.octaves(band(.lowShelf, gainDB: -9, q: 0.707), sampleRate: rate)
    let amplitude = pow(10, -9.0 / 40)
    let found = 1 / ((amplitude + 1 / amplitude) * (shelf * shelf - 1) + 2).squareRoot()
    #expect(abs(found - 0.707) < 1e-12)
  }
}
