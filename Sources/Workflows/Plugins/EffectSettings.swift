package import FXParams
import Foundation

/// The settings of a preset by effect, in physical units: what plugins are set by.
package struct EffectSettings: Sendable {
  /// One filter of an equaliser.
  package struct Band: Sendable {
    package let name: String
    package let response: BiquadBand.Response
    /// 0 for passes.
    package let gainDB: Double
    package let frequencyHz: Double
    package let q: Double

    package init(name: String, response: BiquadBand.Response, gainDB: Double, frequencyHz: Double, q: Double) {
      self.name = name
      self.response = response
      self.gainDB = gainDB
      self.frequencyHz = frequencyHz
      self.q = q
    }
  }

  /// A compressor and expander. Attack, release and averaging are one-pole coefficients.
  package struct Dynamics: Sendable {
    package let name: String
    package let thresholdDB: Double
    package let expanderThresholdDB: Double
    package let makeupDB: Double
    package let lookaheadMilliseconds: Double
    package let attack: Double
    package let release: Double
    package let averaging: Double
    package let ratio: Double
    package let expanderRatio: Double
  }

  /// Echoes that alternate between two places.
  package struct PingPong: Sendable {
    package let effect: PingPongDelay
    package let milliseconds: Double
    package let feedback: Double
    package let gain: Double
    package let lowPass: Band
    package let oddPan: Double
    package let evenPan: Double

    /// The factor that an echo, counted from 1, has before its pan and the low-pass.
    package func level(ofEcho number: Int) -> Double { gain * pow(feedback, Double(number - 1)) }
  }

  /// An effect in series; bands that follow one another are one part.
  package enum Part: Sendable {
    case equaliser([Band])
    case dynamics(Dynamics)
    case other(name: String)
  }

  /// In hertz.
  package let sampleRate: Double
  /// In the order of the signal.
  package private(set) var parts: [Part] = []
  package private(set) var delays: [PingPong] = []
  /// The names of reverbs.
  package private(set) var reverbs: [String] = []
  /// Whether sends feed later ones.
  package let hasCrossSends: Bool
  /// From 0, left, to 1, right; nil where the direct sound is in both channels as it is.
  package let directPan: Double?

  /// - Parameters:
  ///   - values: constrained values of the whole chain, in flat order.
  package init(chain: ChainDescription, values: [Double]) {
    let slots = chain.slots
    sampleRate = chain.sampleRate
    hasCrossSends = !chain.crossSends.isEmpty
    directPan = slots.directPan.map { values[$0] }
    for (effect, positions) in zip(chain.series, slots.series) {
      let own = Array(values[positions])
      switch effect {
      case .biquad(let band):
        let next = Band(band, band.slots, own)
        if case .equaliser(let bands) = parts.last {
          parts[parts.count - 1] = .equaliser(bands + [next])
        } else {
          parts.append(.equaliser([next]))
        }
      case .compressorExpander(let effect): parts.append(.dynamics(Dynamics(effect, own)))
      case .bitCrusher: parts.append(.other(name: effect.name))
      }
    }
    for (effect, positions) in zip(chain.sends, slots.sends) {
      switch effect {
      case .pingPongDelay(let delay): delays.append(PingPong(delay, Array(values[positions])))
      case .feedbackDelayNetwork: reverbs.append(effect.name)
      }
    }
  }
}

extension EffectSettings.Band {
  fileprivate init(_ band: BiquadBand, _ slots: BiquadBand.Slots, _ values: [Double]) {
    self.init(
      name: band.name, response: band.response, gainDB: slots.gain.map { values[$0] } ?? 0,
      frequencyHz: slots.frequency.value { values[$0] }, q: slots.q.value { values[$0] })
  }
}

extension EffectSettings.Dynamics {
  fileprivate init(_ effect: CompressorExpander, _ values: [Double]) {
    let slots = effect.slots
    name = effect.name
    thresholdDB = values[slots.threshold]
    expanderThresholdDB = values[slots.expanderThreshold]
    makeupDB = values[slots.makeup]
    lookaheadMilliseconds = slots.lookahead.map { values[$0] } ?? 0
    attack = values[slots.attack]
    release = values[slots.release]
    averaging = values[slots.averaging]
    ratio = values[slots.ratio]
    expanderRatio = values[slots.expanderRatio]
  }

  /// The window, in ms, whose mean of squares has the variance of the one-pole average: (2 - r) / r samples.
  package func windowMilliseconds(sampleRate: Double) -> Double { (2 - averaging) / averaging * 1000 / sampleRate }
}

extension EffectSettings.PingPong {
  fileprivate init(_ effect: PingPongDelay, _ values: [Double]) {
    let slots = effect.slots
    self.effect = effect
    milliseconds = values[slots.time]
    feedback = values[slots.feedback]
    gain = values[slots.gain]
    lowPass = EffectSettings.Band(effect.lowPass, slots.lowPass, values)
    oddPan = values[slots.oddPan]
    evenPan = values[slots.evenPan]
  }
}
