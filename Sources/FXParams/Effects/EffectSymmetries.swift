/// The symmetries that an effect declares for its parameters.
package struct EffectSymmetries {
  /// Motions of settings that hardly matter, each with its criterion.
  var nearInvariances: [Symmetry] = []
  var networks: [NetworkSymmetries] = []
  /// The changes of the parameters when left and right are exchanged; those that stay are not listed.
  var mirrorEntries: [Symmetry.Entry] = []
  /// Bands whose settings commute.
  var bandRuns: [BandRun] = []
}

/// Parameters of an effect, or of a part of one, and where they stand in the flat order.
package struct PlacedEffect<Slots> {
  /// Position of the effect's first parameter.
  let start: Int
  let slots: Slots
  /// Those of the whole effect, which the slots count from.
  let parameters: [Parameter]

  /// A part of the effect.
  func part<Part>(_ slots: Part) -> PlacedEffect<Part> {
    PlacedEffect<Part>(start: start, slots: slots, parameters: parameters)
  }

  func condition(_ slot: Int, _ bound: ParameterCondition.Bound) -> ParameterCondition {
    ParameterCondition(index: start + slot, parameter: parameters[slot], bound: bound)
  }

  /// The approximate symmetry that moves some parameters up, those there are, and others down.
  func motion(
    _ name: String, of slots: [Int?], closing: [Int] = [], where conditions: [ParameterCondition]
  ) -> Symmetry {
    let moved = slots.compactMap(\.self).map { ($0, 1.0) } + closing.map { ($0, -1.0) }
    return Symmetry(
      name: name, kind: .approximate,
      entries: moved.map { slot, step in
        .init(target: start + slot, source: start + slot, map: LogitMap([.translated(by: step)]))
      }, conditions: conditions)
  }

  /// The change of a pan under the mirror.
  func mirroredPan(_ slot: Int) -> Symmetry.Entry { .mirroredPan(at: start + slot) }
}

extension Symmetry.Entry {
  /// A pan p becomes 1 - p: its logit changes sign.
  static func mirroredPan(at index: Int) -> Self {
    .init(target: index, source: index, map: LogitMap([.scaled(by: -1)]))
  }
}

/// Bands that follow one another, perhaps of several responses.
struct BandRun {
  /// As in `equaliser`, `reverb.tone`.
  let name: String
  var bands: [PlacedBand]

  /// The bands of each response that has several.
  var groups: [BandGroup] {
    BiquadBand.Response.allCases.compactMap { response in
      let alike = bands.filter { $0.band.response == response }
      guard alike.count > 1 else { return nil }
      return BandGroup(
        name: "\(name) \(response.rawValue)", bandNames: alike.map(\.path), indices: alike.map(\.indices),
        parameters: alike.map(\.parameters))
    }
  }
}

/// A band of an equaliser and where its parameters stand.
struct PlacedBand {
  let band: BiquadBand
  /// The beginning of the names of its parameters, without the dot.
  let path: String
  let place: PlacedEffect<BiquadBand.Slots>

  /// Positions in the flat order: gain, frequency, Q.
  var indices: [Int] { place.slots.positions.map { place.start + $0 } }
  var parameters: [Parameter] { place.slots.positions.map { place.parameters[$0] } }

  /// Frequency and Q of a band without gain.
  var nearInvariance: Symmetry? {
    guard let gain = place.slots.gain else { return nil }
    return place.motion(
      "\(path) inactive", of: [place.slots.frequency, place.slots.q],
      where: [place.condition(gain, .magnitudeBelow(NearInvarianceCriterion.inactiveGainDB))])
  }
}
