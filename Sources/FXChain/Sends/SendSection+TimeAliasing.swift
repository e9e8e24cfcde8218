import FXParams
import Foundation
import NumericCore

extension SendSection {
  private static var outputLimit: Double { 3e-5 }
  private static var gainLimit: Double { 2.5e-3 }

  /// Whether the time-aliased grid serves for these parameter values.
  ///
  /// The *exact* grid is so long that no product of the responses, each cut to what can be heard, wraps. The
  /// *time-aliased* one is the network's own, of M samples, on which it is sampled anyway: with it the four
  /// responses of the network need not go to time and back. There the product of the network's response r with the
  /// echoes that feed it is not quite right. First, an echo after d samples *wraps* what r has left after M - d
  /// samples. Second, gamma(w) has no phase, so that r begins a little before zero; the exact way cuts this
  /// *pre-ringing* off, but an echo carries it past zero. (Of the signal itself, which needs no product, both are
  /// cut off in time.)
  ///
  /// ``TimeAliasingError`` estimates both, relative to what the outputs hear of the network. Float takes the
  /// time-aliased grid where the sum is at most 3e-5, which left errors below 1e-4 in all presets on which it was
  /// tried (docs/performance.md), and where that of the echoes' part alone is at most 2.5e-3: the cotangent of a
  /// feed's gain, whose every component may be off by 5e-3, hears nothing else. Double always takes the exact grid.
  func canAlias(_ values: UnsafePointer<Double>) -> Bool {
    guard aliasedGrid != nil else { return false }
    let error = networks[0].timeAliasingError(feeds: feeds, values)
    return error.ofOutputs <= Self.outputLimit && error.ofFeeds <= Self.gainLimit
  }
}

/// Estimates of what the time-aliased grid changes; see ``SendSection/canAlias(_:)``.
struct TimeAliasingError {
  /// Relative to what the outputs hear of the network.
  let ofOutputs: Double
  /// Relative to what they hear of the feeds through the network.
  let ofFeeds: Double
}

/// Echoes that feed the network: `weight` times the value of a parameter is their gain.
struct NetworkFeed<Scalar: SignalScalar> {
  let parameter: Int
  let weight: Double
  let echoes: PingPongResponse<Scalar>
}

extension NetworkResponse {
  /// At the angular frequency w of a decay point gamma, r has an energy in proportion to 1/(1 - gamma^2) and is
  /// attenuated by gamma^(n/m_min) after n samples, at least. There an echoes' k-th has the level
  /// A_k = gain |B|^k feedback^(k-1), after k d samples, where B is their low-pass: with resonance its level may
  /// grow. So the wrapped part has the share sum_k A_k^2 gamma^(2 (M - k d)/m_min) of r's energy. gamma is linear
  /// between its P points; a change of its slope by s there puts s cos(w n)/(pi n^2) at the distance n from a
  /// pulse, of which the part from 2 m_min on, the first that gamma has shaped, has the energy
  /// s^2/(6 pi^2 (2 m_min)^3).
  ///
  /// Energies are summed over the decay points, with the tone's. The signal enters both inputs, each echo one of
  /// them: where their gains cancel, the share of the echoes grows by (|b_1|^2 + |b_2|^2) / |b_1 + b_2|^2.
  func timeAliasingError(feeds: [NetworkFeed<Scalar>], _ values: UnsafePointer<Double>) -> TimeAliasingError {
    let points = effect.decayPoints
    let shortest = Double(effect.delaySamples.min() ?? 1)
    let slope = Double(points - 1) / .pi
    let blur = slope * slope / (6 * .pi * .pi * pow(2 * shortest, 3))
    func gamma(_ point: Int) -> Double { min(Double(setting.attenuations[point]), 1 - 1e-9) }
    var (heard, wrapped, early, fed) = (0.0, 0.0, 0.0, 0.0)
    for point in 0..<points {
      let omega = Double.pi * Double(point) / Double(points - 1)
      var tone = 1.0
      for band in coefficients { tone *= band.power(at: omega) }
      let energy = tone / (1 - gamma(point) * gamma(point))
      // The spectrum is even about both ends, where gamma has a kink as well.
      let (before, after) = (point == 0 ? 1 : point - 1, point == points - 1 ? point - 1 : point + 1)
      let change = gamma(before) - 2 * gamma(point) + gamma(after)
      heard += energy
      for feed in feeds {
        let levels = feed.echoes.energies(at: omega, decay: gamma(point), shortest: shortest, length: ownGrid.count)
        let gain = feed.weight * values[feed.parameter]
        fed += energy * gain * gain * levels.all
        wrapped += energy * gain * gain * levels.wrapped
        early += tone * change * change * blur * gain * gain * levels.all
      }
    }
    let error = wrapped + early
    guard error > 0 else { return TimeAliasingError(ofOutputs: 0, ofFeeds: 0) }
    return TimeAliasingError(
      ofOutputs: (error * cancellation / heard).squareRoot(), ofFeeds: (error / fed).squareRoot())
  }

  /// How much more energy the inputs have one by one than together; infinite where they cancel.
  private var cancellation: Double {
    var (apart, together) = (0.0, 0.0)
    for line in 0..<lines {
      let (left, right) = (Double(setting.inputGains[2 * line]), Double(setting.inputGains[2 * line + 1]))
      apart += left * left + right * right
      together += (left + right) * (left + right)
    }
    return together > 0 ? apart / together : .infinity
  }
}

extension PingPongResponse {
  /// Energies of the echoes at an angular frequency, and of what a network wraps of them: see
  /// ``NetworkResponse/timeAliasingError(feeds:_:)``.
  func energies(at omega: Double, decay: Double, shortest: Double, length: Int) -> (all: Double, wrapped: Double) {
    let filter = design.coefficients.power(at: omega)
    var level = gain * gain * filter
    var (all, wrapped) = (0.0, 0.0)
    let rate = 2 * log(decay) / shortest
    for echo in 0..<echoCount {
      all += level
      wrapped += level * exp(rate * (Double(length) - Double(echo + 1) * delaySamples))
      level *= filter * feedback * feedback
    }
    return (all, wrapped)
  }
}
