/// Parameters that differ in the name of their band alone: the frequencies of eight peaks of one range, say.
///
/// Whatever moves a range moves it for the whole kind, so that bands that are exchangeable stay so. A parameter of
/// anything but a band is a kind of its own, whose range the effect sets.
package struct ParameterKind: Sendable, Hashable {
  /// The setting of a band that a range belongs to.
  enum Setting: Hashable { case frequency, q }

  /// Positions in the flat order, ascending.
  package let positions: [Int]
  /// The bands, as the beginnings of their parameters' names; empty for parameters of other effects.
  let bands: [String]
  /// Nil for what has no range that a description gives.
  let setting: Setting?

  /// Whether ``ChainDescription/setBounds(_:of:)`` serves.
  package var hasBounds: Bool { setting != nil }

  /// As sentences call it: `peak1.q`, `q of peak1 .. peak8`.
  package func words(in space: ParameterSpace) -> String {
    let name = space.names[positions[0]]
    guard positions.count > 1, let first = bands.first, let last = bands.last else { return name }
    return "\(name.dropFirst(first.count + 1)) of \(first) .. \(last)"
  }
}

extension ChainDescription {
  /// The parameters by kind: a partition of the flat order, ordered by the first position of each.
  package var parameterKinds: [ParameterKind] {
    var collector = KindCollector()
    let slots = slots
    for (effect, positions) in zip(series, slots.series) {
      if case .biquad(let band) = effect {
        collector.add(band, path: band.name, owner: "", band.slots, from: positions.lowerBound)
      }
    }
    for (effect, positions) in zip(sends, slots.sends) {
      guard case .feedbackDelayNetwork(let network) = effect else { continue }
      for (band, slots) in zip(network.tone, network.slots.tone) {
        let path = network.name + "." + band.name
        collector.add(band, path: path, owner: network.name, slots, from: positions.lowerBound)
      }
    }
    return collector.kinds(count: flatParameters.count)
  }

  /// Gives a kind of parameters other bounds; names, order and number of the parameters stay.
  ///
  /// - Precondition: the kind is one of the chain's own, and has bounds.
  package mutating func setBounds(_ bounds: ParameterBounds, of kind: ParameterKind) {
    precondition(kind.hasBounds, "parameters of an effect that sets their range itself")
    func set(_ band: inout BiquadBand) {
      switch kind.setting {
      case .frequency: band.frequencyHz = .free(bounds)
      case .q: band.q = .free(bounds)
      case nil: break
      }
    }
    for index in series.indices {
      guard case .biquad(var band) = series[index], kind.bands.contains(band.name) else { continue }
      set(&band)
      series[index] = .biquad(band)
    }
    for index in sends.indices {
      guard case .feedbackDelayNetwork(var network) = sends[index] else { continue }
      for tone in network.tone.indices where kind.bands.contains(network.name + "." + network.tone[tone].name) {
        set(&network.tone[tone])
      }
      sends[index] = .feedbackDelayNetwork(network)
    }
  }
}

/// Puts the parameters of bands into kinds.
private struct KindCollector {
  /// What two bands of a kind share.
  private struct Key: Hashable {
    let owner: String
    let nameless: BiquadBand
    let field: Int
  }

  private var order: [Key] = []
  private var found: [Key: (positions: [Int], bands: [String], setting: ParameterKind.Setting?)] = [:]

  mutating func add(_ band: BiquadBand, path: String, owner: String, _ slots: BiquadBand.Slots, from start: Int) {
    var nameless = band
    nameless.name = ""
    let fields: [(Int?, ParameterKind.Setting?)] = [
      (slots.gain, nil), (slots.frequency.slot, .frequency), (slots.q.slot, .q),
    ]
    for (field, (slot, setting)) in fields.enumerated() {
      guard let slot else { continue }
      let key = Key(owner: owner, nameless: nameless, field: field)
      if found[key] == nil { order.append(key) }
      found[key, default: ([], [], setting)].positions.append(start + slot)
      found[key]?.bands.append(path)
    }
  }

  /// With a kind for each other parameter.
  func kinds(count: Int) -> [ParameterKind] {
    var kinds = order.compactMap { found[$0] }.map {
      ParameterKind(positions: $0.positions, bands: $0.bands, setting: $0.setting)
    }
    let covered = Set(kinds.flatMap(\.positions))
    kinds += (0..<count).filter { !covered.contains($0) }.map {
      ParameterKind(positions: [$0], bands: [], setting: nil)
    }
    return kinds.sorted { $0.positions[0] < $1.positions[0] }
  }
}
