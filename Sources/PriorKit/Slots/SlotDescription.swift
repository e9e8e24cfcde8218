import Distributions
import FXParams
import Foundation
import NumericCore

/// A slot as people read it.
public struct SlotDescription: Sendable, Encodable {
  /// A quantity over presets: its mean, and a standard deviation of the logit, or what the scatter of a Student-t
  /// has in place of one, either way: the middle two thirds of a normal.
  public struct Spread: Sendable, Encodable {
    /// The value at the mean logit.
    public let mean: Double
    /// That a standard deviation below.
    public let low: Double
    /// That a standard deviation above.
    public let high: Double
  }

  /// The name of the band that stands for the slot in the chain: `peak3`.
  public let slot: String
  /// What a band in it does as a rule: `3.1 kHz dip`.
  public let name: String
  /// In Hz; the mean is that of the logit. Nil for bands of fixed frequency.
  public let frequencyHz: Spread?
  /// In dB; nil for bands without gain.
  public let gainDB: Spread?
  /// Nil for bands without a free Q.
  public let q: Spread?
  /// The share of presets in which the slot's band has no gain, with half a preset added.
  public let emptyShare: Double
}

extension SlotModel {
  /// The slots of all equalisers, in series order of their bands.
  public var descriptions: [SlotDescription] { parts.flatMap(\.descriptions) }
}

extension SlotModel.Part {
  fileprivate var descriptions: [SlotDescription] {
    layout.groups.enumerated().flatMap { number, group in
      group.bandNames.indices.map { band in
        let slot = layout.firstSlot(ofGroup: number) + band
        func spread(_ field: Int) -> SlotDescription.Spread {
          let position = group.indices[band][field]
          let (mean, deviation) = (density.location[position], density.scatter[position, position].squareRoot())
          let bijector = group.parameters[band][field].bijector
          return .init(
            mean: bijector.forward(mean), low: bijector.forward(mean - deviation),
            high: bijector.forward(mean + deviation))
        }
        let units = group.parameters[band].map(\.unit)
        let gain = units.firstIndex(of: .decibel).map(spread)
        let frequency = units.firstIndex(of: .hertz).map(spread)
        return SlotDescription(
          slot: group.bandNames[band], name: Self.name(frequency?.mean, gain), frequencyHz: frequency, gainDB: gain,
          q: units.firstIndex(of: .one).map(spread), emptyShare: emptyShares[slot])
      }
    }
  }

  /// `3.1 kHz dip`, `110 Hz boost`, or `2.0 kHz, either way` where gains of both signs are usual.
  private static func name(_ frequencyHz: Double?, _ gain: SlotDescription.Spread?) -> String {
    let frequency = frequencyHz.map {
      $0 >= 1000 ? String(format: "%.1f kHz", $0 / 1000) : String(format: "%.0f Hz", $0)
    }
    guard let gain else { return frequency ?? "band" }
    let sense = gain.low > 0 ? "boost" : gain.high < 0 ? "dip" : "either way"
    guard let frequency else { return sense }
    return frequency + (sense == "either way" ? ", " : " ") + sense
  }
}
