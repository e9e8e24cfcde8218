import Foundation

/// The state of ReaEQ, REAPER's equaliser.
///
/// Layout: i32 33, i32 number of bands; for each band i32 type, i32 enabled, f64 frequency in Hz, f64 gain as a
/// factor, f64 bandwidth in octaves, u8 1; then i32 1, i32 1, f64 master gain, f64 0, u32 0, u16 2, u16 1. Two
/// projects read it so independently of each other, each from chains that REAPER saved: `chan_eq` (`reaeq_data`) of
/// OuthenticLtd/Daw2Daw, and `public/rfxchain.js` (`decodeReaEq`) of fuzzinvaders/presetbook. The default state of
/// REAPER 7 decodes to its well-known five bands.
public struct ReaEQ: Sendable, Hashable {
  /// The shapes of bands whose numbers are established.
  public enum Shape: Int32, Sendable {
    case lowShelf = 0
    case highShelf = 1
    case lowPass = 3
    case highPass = 4
    case peak = 8
  }

  /// One band.
  public struct Band: Sendable, Hashable {
    /// The shape.
    public var shape: Shape
    /// The centre or corner.
    public var frequencyHz: Double
    /// 0 for passes.
    public var gainDB: Double
    /// The width.
    public var octaves: Double

    public init(shape: Shape, frequencyHz: Double, gainDB: Double, octaves: Double) {
      self.shape = shape
      self.frequencyHz = frequencyHz
      self.gainDB = gainDB
      self.octaves = octaves
    }
  }

  /// In the order of the signal.
  public var bands: [Band]

  public init(bands: [Band]) { self.bands = bands }

  /// The plugin with this state.
  public var plugin: ReaperChain.Plugin {
    var state = StateBytes()
    state.append(Int32(33))
    state.append(Int32(bands.count))
    for band in bands {
      state.append(band.shape.rawValue)
      state.append(Int32(1))
      state.append(band.frequencyHz)
      state.append(pow(10, band.gainDB / 20))
      state.append(band.octaves)
      state.append(UInt8(1))
    }
    state.append(Int32(1))
    state.append(Int32(1))
    state.append(1.0)
    state.append(0.0)
    state.append(Int32(0))
    state.append(UInt16(2))
    state.append(UInt16(1))
    return ReaperChain.Plugin(
      name: "ReaEQ", number: "reeq", pins: ReaperChain.stereoPins, state: state.data)
  }
}
