import FXParams
import Foundation

/// Where the filters of a file go in a chain.
struct EqualiserLayout {
  private struct Place {
    let band: BiquadBand
    let slots: BiquadBand.Slots
    let start: Int
  }

  private let chain: ChainDescription
  private let fillsNeutral: Bool
  private let places: [Place]
  /// Effects of which no such file says anything.
  private let others: [String]
  private let count: Int

  init(_ chain: ChainDescription, fillsNeutral: Bool) {
    (self.chain, self.fillsNeutral) = (chain, fillsNeutral)
    let slots = chain.slots
    var places: [Place] = []
    var others: [String] = []
    for (effect, positions) in zip(chain.series, slots.series) {
      if case .biquad(let band) = effect {
        places.append(Place(band: band, slots: band.slots, start: positions.lowerBound))
      } else {
        others.append(effect.name)
      }
    }
    others += chain.sends.map(\.name) + (slots.directPan == nil ? [] : ["the pan of the direct sound"])
    let absent = fillsNeutral ? [] : others.filter(chain.optionalEffects.contains)
    (self.places, absentInAll) = (places, absent)
    self.others = others.filter { !absent.contains($0) }
    count = chain.parameterSpace.count
  }

  /// Effects that no preset has: the optional ones of those that such a file says nothing of.
  let absentInAll: [String]

  /// The effects that a file has no filter for, where they may be absent.
  func pattern(of text: EqualiserText) -> ChainPattern {
    var absent = Set(absentInAll)
    if !fillsNeutral {
      for response in BiquadBand.Response.allCases {
        let bands = places.filter { $0.band.response == response }.map(\.band.name)
        absent.formUnion(bands.dropFirst(text.filters.count { $0.response == response }))
      }
    }
    return ChainPattern(present: chain.optionalNames.map { !absent.contains($0) })
  }

  /// The numbers of a file in flat order; nil for what gets its neutral value or is absent.
  ///
  /// - Throws: ``DataError`` for too many or too few filters, and for values other than those that the chain fixes.
  func row(of text: EqualiserText) throws -> [Double?] {
    try requireCounts(of: text)
    var row = [Double?](repeating: nil, count: count)
    for response in BiquadBand.Response.allCases {
      let filters = text.filters.filter { $0.response == response }
      for (filter, place) in zip(filters, places.filter { $0.band.response == response }) {
        func set(_ slot: ParameterPlace, _ value: Double, _ field: String, _ unit: String) throws {
          switch slot {
          case .slot(let position): row[place.start + position] = value
          case .fixed(let fixed):
            guard abs(value - fixed) > 1e-9 * fixed else { return }
            throw DataError(
              .invalidValue, text.path,
              "Line \(filter.line) of \(text.path) has a \(response.words) with \(field) \(value)\(unit), but the "
                + "chain fixes that of \(place.band.name) at \(fixed)\(unit): correct the line, or give a chain "
                + "with that value or a range in its place.")
          }
        }
        if let gain = place.slots.gain { row[place.start + gain] = filter.gainDB }
        try set(place.slots.frequency, filter.frequencyHz, "the frequency", " Hz")
        try set(place.slots.q, filter.q, "the Q", "")
      }
    }
    return row
  }

  private func requireCounts(of text: EqualiserText) throws {
    let counts = BiquadBand.Response.allCases.map { response in
      (
        response: response, own: text.filters.count { $0.response == response },
        chain: places.count { $0.band.response == response },
        // Filters take the bands in order: as many as the last one that must be there.
        least: 1 + (places.filter { $0.band.response == response }.lastIndex { isNeeded($0.band) } ?? -1)
      )
    }
    let more = counts.filter { $0.own > $0.chain }
    if !more.isEmpty {
      throw DataError(
        .wrongChain, text.path,
        "\(text.path) has \(Self.words(more)): give a chain with as many bands, or turn the other filters OFF.")
    }
    let fewer = counts.filter { $0.own < $0.least }
    guard !fillsNeutral, !fewer.isEmpty || !others.isEmpty else { return }
    let absent = others.isEmpty ? "" : "nothing of \(ColumnComplaint.list(others))"
    let parts = [fewer.isEmpty ? "" : Self.words(fewer), absent].filter { !$0.isEmpty }
    throw DataError(
      .missingBands, text.path,
      "\(text.path) has \(parts.joined(separator: ", and ")): give a chain without what is not there or where it "
        + "is optional, or have it filled with neutral values.")
  }

  /// What is absent, over all files; nil where that is nothing.
  private func absentWords(_ texts: [EqualiserText]) -> String? {
    let counts = texts.map { places.count - $0.filters.count }
    let bands = counts.reduce(0, +)
    guard bands > 0 || !absentInAll.isEmpty else { return nil }
    let files = counts.count { $0 > 0 }
    return "absent: \(bands) band\(bands == 1 ? "" : "s") in \(files) file\(files == 1 ? "" : "s")"
      + (absentInAll.isEmpty ? "" : ", and \(ColumnComplaint.list(absentInAll)) in all")
  }

  private func isNeeded(_ band: BiquadBand) -> Bool { !chain.optionalEffects.contains(band.name) }

  /// `10 peaks where the chain has 8 and 2 low shelves where it has 1`.
  private static func words(_ counts: [(response: BiquadBand.Response, own: Int, chain: Int, least: Int)]) -> String
  {
    ColumnComplaint.list(
      counts.enumerated().map { index, count in
        let (own, chain) = (count.own == 0 ? "no" : "\(count.own)", count.chain == 0 ? "none" : "\(count.chain)")
        return "\(own) \(count.response.plural(count.own)) where \(index == 0 ? "the chain" : "it") has \(chain)"
      })
  }

  /// What was filled, over all files; nil where that is nothing.
  func fillWords(_ texts: [EqualiserText]) -> String? {
    guard fillsNeutral else { return absentWords(texts) }
    let filled = texts.map { text in
      places.count
        - BiquadBand.Response.allCases.reduce(0) { sum, response in
          sum + text.filters.count { $0.response == response }
        }
    }
    let bands = filled.reduce(0, +)
    guard bands > 0 || !others.isEmpty else { return nil }
    let files = filled.count { $0 > 0 }
    return
      "filled with neutral values: \(bands) band\(bands == 1 ? "" : "s") in \(files) file\(files == 1 ? "" : "s")"
      + (others.isEmpty ? "" : ", and \(ColumnComplaint.list(others)) in all")
  }
}

extension BiquadBand.Response {
  fileprivate func plural(_ count: Int) -> String {
    if count == 1 { return words }
    switch self {
    case .peak: return "peaks"
    case .lowShelf: return "low shelves"
    case .highShelf: return "high shelves"
    case .lowPass: return "low passes"
    case .highPass: return "high passes"
    }
  }
}
