import FXParams
import Foundation
package import PresetStore

/// A preset as REAPER's own plugins: ReaEQ, ReaComp and ReaDelay.
///
/// The layouts of their states are documented with ``ReaEQ``, ``ReaComp`` and ``ReaDelay``. The filters of ReaEQ
/// are those that `chan_eq` of OuthenticLtd/Daw2Daw measured on renderings: RBJ peaks whose alpha is
/// sin w sinh(ln 2 / 2 octaves w / sin w), RBJ shelves of slope 1 / octaves^2, RBJ passes of
/// Q = 1 / (2 sinh(ln 2 / 2 octaves)).
package struct ReaperRack: Sendable {
  package private(set) var chain = ReaperChain([])
  /// What the plugins do in another way or not at all, and values out of range, in sentences.
  package private(set) var limits: [String] = []

  /// Echoes that are written; ReaDelay needs two taps for each.
  static let echoCount = 8

  package init(_ settings: EffectSettings) {
    for part in settings.parts {
      switch part {
      case .equaliser(let bands): add(bands, sampleRate: settings.sampleRate)
      case .dynamics(let dynamics): add(dynamics, sampleRate: settings.sampleRate)
      case .other(let name): limits.append("\(name) has no counterpart among REAPER's plugins and is left out.")
      }
    }
    addDelay(settings)
    limits += settings.limitsOfSends(host: "REAPER")
  }

  // MARK: - Equaliser

  private mutating func add(_ bands: [EffectSettings.Band], sampleRate: Double) {
    var range = PluginRange(plugin: "ReaEQ")
    let written = bands.map { band in
      ReaEQ.Band(
        shape: Self.shape(of: band.response),
        frequencyHz: range.value(band.frequencyHz, in: 20...24_000, .hertz, of: "\(band.name).frequency"),
        gainDB: range.value(band.gainDB, in: -90...24, .decibel, of: "\(band.name).gain"),
        octaves: range.value(
          Self.octaves(band, sampleRate: sampleRate), in: 0.01...4, .one, of: "The octaves of \(band.name)"))
    }
    chain.plugins.append(ReaEQ(bands: written).plugin)
    limits += range.sentences
    if bands.contains(where: { $0.response == .lowPass }) {
      limits.append("How ReaEQ narrows a low-pass near half the sample rate is not established.")
    }
  }

  private static func shape(of response: BiquadBand.Response) -> ReaEQ.Shape {
    switch response {
    case .peak: .peak
    case .lowShelf: .lowShelf
    case .highShelf: .highShelf
    case .lowPass: .lowPass
    case .highPass: .highPass
    }
  }

  /// The width that gives a band of ReaEQ the Q of the chain's.
  package static func octaves(_ band: EffectSettings.Band, sampleRate: Double) -> Double {
    let analogue = 2 / log(2) * asinh(1 / (2 * band.q))
    switch band.response {
    case .peak:
      let omega = 2 * .pi * band.frequencyHz / sampleRate
      return analogue * sin(omega) / omega
    case .lowPass, .highPass: return analogue
    case .lowShelf, .highShelf:
      // 1 / Q^2 = (A + 1/A)(1/S - 1) + 2, with S = 1 / octaves^2.
      let amplitude = pow(10, band.gainDB / 40)
      return (1 + (1 / (band.q * band.q) - 2) / (amplitude + 1 / amplitude)).squareRoot()
    }
  }

  // MARK: - Compressor

  private mutating func add(_ dynamics: EffectSettings.Dynamics, sampleRate: Double) {
    let name = dynamics.name
    var range = PluginRange(plugin: "ReaComp")
    func milliseconds(_ coefficient: Double) -> Double {
      OnePole.milliseconds(coefficient: coefficient, sampleRate: sampleRate)
    }
    let loudest = ReaComp.largestGainDB
    let compressor = ReaComp(
      thresholdDB: range.value(dynamics.thresholdDB, in: -150...loudest, .decibel, of: "\(name).threshold"),
      ratio: range.value(dynamics.ratio, in: 1...100, .one, of: "\(name).ratio"),
      attackMilliseconds: range.value(
        milliseconds(dynamics.attack), in: 0...500, .millisecond, of: "The attack of \(name)"),
      releaseMilliseconds: range.value(
        milliseconds(dynamics.release), in: 0...5000, .millisecond, of: "The release of \(name)"),
      levelMilliseconds: range.value(
        dynamics.windowMilliseconds(sampleRate: sampleRate), in: 0...100, .millisecond,
        of: "The averaging window of \(name)"),
      makeupDB: range.value(dynamics.makeupDB, in: -150...loudest, .decibel, of: "\(name).makeup"))
    chain.plugins.append(compressor.plugin)
    limits += range.sentences
    limits += [
      "The expander of \(name) (\(Self.text(dynamics.expanderThresholdDB)) dB, ratio "
        + "\(Self.text(dynamics.expanderRatio))) has no counterpart among REAPER's plugins whose state is "
        + "established, and is left out.",
      "The lookahead of \(name), \(Self.text(dynamics.lookaheadMilliseconds)) ms, is left out, because the scale "
        + "of ReaComp's pre-comp is not established: set it by hand.",
      "Attack and release are the chain's times from 10 to 90 %; what ReaComp's times mean is not published.",
    ]
  }

  // MARK: - Delay and pan

  /// Taps at the ends of the stereo field, two for a sound, give both channels their gains whatever the pan law.
  private mutating func addDelay(_ settings: EffectSettings) {
    let delay = settings.delays.first
    guard delay != nil || settings.directPan != nil else { return }
    let echoes = delay.map { Echo.echoes(of: $0, sampleRate: settings.sampleRate) } ?? []
    let direct = PanLaw(direct: settings.directPan)
    let wet = 2.0.squareRoot()
    func pair(_ milliseconds: Double, _ left: Double, _ right: Double, lowPassHz: Double) -> [ReaDelay.Tap] {
      [(left, -1.0), (right, 1.0)].map { gain, pan in
        ReaDelay.Tap(milliseconds: milliseconds, volume: gain / wet, pan: pan, lowPassHz: lowPassHz)
      }
    }
    var taps = pair(0, direct.left, direct.right, lowPassHz: 20_000)
    var range = PluginRange(plugin: "ReaDelay")
    for echo in echoes.prefix(Self.echoCount) {
      let corner = range.value(echo.lowPassHz, in: 0...20_000, .hertz, of: "The low-pass of echo \(echo.number)")
      taps += pair(echo.milliseconds, echo.left, echo.right, lowPassHz: corner)
    }
    chain.plugins.append(ReaDelay(taps: taps, wet: wet).plugin)
    limits += range.sentences
    guard let delay else { return }
    limits.append(
      "ReaDelay filters an echo once, with a slope that is not published: its low-pass stands where those of the "
        + "chain, one for each repetition, are 3 dB down together.")
    if echoes.count > Self.echoCount {
      let level = 20 * log10(pow(delay.feedback, Double(Self.echoCount)))
      limits.append(
        "Echoes after number \(Self.echoCount), from \(Self.text(level)) dB below the first, are left out.")
    }
  }

  private static func text(_ value: Double) -> String { NumberText.short(value, digits: 3) }
}

extension EffectSettings {
  /// What no plugin here does of the sends, in sentences.
  func limitsOfSends(host: String) -> [String] {
    var limits = delays.dropFirst().map { "\($0.effect.name) is a second delay and is left out." }
    limits += reverbs.map {
      "\($0) is a feedback delay network with a decay at each frequency, which no plugin here has: it is left out. "
        + "For \(host), render an impulse through the preset and load it as an impulse response."
    }
    if hasCrossSends, !reverbs.isEmpty {
      limits.append("The send from the delay to the reverb is left out with it.")
    }
    return limits
  }
}
