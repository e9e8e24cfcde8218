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

  /// The bands of each kind that has several: of one response, with the same settings free and the others fixed at
  /// the same values.
  var groups: [BandGroup] {
    BiquadBand.Response.allCases.flatMap { response in
      var kinds: [(fixed: String, bands: [PlacedBand])] = []
      for band in bands where band.band.response == response && !band.indices.isEmpty {
        if let index = kinds.firstIndex(where: { $0.fixed == band.fixedText }) {
          kinds[index].bands.append(band)
        } else {
          kinds.append((band.fixedText, [band]))
        }
      }
      return kinds.filter { $0.bands.count > 1 }.map { kind in
        BandGroup(
          name: "\(name) \(response.rawValue)\(kind.fixed)", bandNames: kind.bands.map(\.path),
          indices: kind.bands.map(\.indices), parameters: kind.bands.map(\.parameters))
      }
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

  /// What is fixed, as the end of a name: ` of 105 Hz and Q 0.7`; empty where nothing is, but for the usual Q of
  /// shelves. Bands of one response are exchangeable where it is the same.
  var fixedText: String {
    var parts: [String] = []
    if case .fixed(let frequency) = place.slots.frequency { parts.append("\(frequency.plainText) Hz") }
    if case .fixed(let q) = place.slots.q, q != BiquadBand.shelfQ || band.response.requiresQ {
      parts.append("Q \(q.plainText)")
    }
    return parts.isEmpty ? "" : " of " + parts.joined(separator: " and ")
  }

  /// Frequency and Q of a band without gain, those that are free.
  var nearInvariance: Symmetry? {
    let moved = [place.slots.frequency.slot, place.slots.q.slot]
    guard let gain = place.slots.gain, moved.contains(where: { $0 != nil }) else { return nil }
    return place.motion(
      "\(path) inactive", of: moved,
      where: [place.condition(gain, .magnitudeBelow(NearInvarianceCriterion.inactiveGainDB))])
  }
}
