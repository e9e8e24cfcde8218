/// The symmetries of a chain, collected from the effects that own the parameters.
public struct ChainSymmetries: Sendable, Hashable {
  /// Groups of at least two bands whose settings commute.
  public internal(set) var bandGroups: [BandGroup] = []
  /// One per feedback delay network, in the order of the sends.
  public internal(set) var networks: [NetworkSymmetries] = []
  /// Parameters whose logits have copies of equal value, in flat order.
  public internal(set) var foldedParameters: [FoldedParameter] = []
  /// Left and right exchanged; nil where nothing of the chain is off the centre.
  public internal(set) var mirror: Symmetry?
  /// Motions of settings that hardly matter, each with its criterion.
  public internal(set) var nearInvariances: [Symmetry] = []

  /// Generators of the symmetries that keep or mirror the sound: exchanges of neighbouring bands, signs, gauges by
  /// 2, lookahead sign and period, and the mirror. Near-invariances are not among them.
  public var generators: [Symmetry] {
    var generators = bandGroups.flatMap(\.adjacentExchanges)
    for network in networks { generators += network.signs + [network.gauge(2)] }
    for parameter in foldedParameters { generators += [parameter.sign, parameter.lengthening] }
    if let mirror { generators.append(mirror) }
    return generators
  }

  /// The finite group of some families.
  ///
  /// - Throws: ``SymmetryError`` for a family that the chain has nothing of, or a group too large to enumerate.
  public func group(_ families: [SymmetryFamily]) throws(SymmetryError) -> FiniteSymmetryGroup {
    var factors: [FiniteSymmetryGroup.Factor] = []
    for family in SymmetryFamily.allCases where families.contains(family) {
      let own = factorsOf(family)
      guard !own.isEmpty else { throw .absentFamily(name: family.rawValue) }
      factors += own
    }
    return try FiniteSymmetryGroup(factors)
  }

  /// The families that the chain has something of.
  public var families: [SymmetryFamily] { SymmetryFamily.allCases.filter { !factorsOf($0).isEmpty } }

  /// The finite group of what leaves the sound as it is.
  ///
  /// - Throws: ``SymmetryError`` for a group too large to enumerate.
  public func exactGroup() throws(SymmetryError) -> FiniteSymmetryGroup {
    try group(SymmetryFamily.exact.filter { families.contains($0) })
  }

  private func factorsOf(_ family: SymmetryFamily) -> [FiniteSymmetryGroup.Factor] {
    switch family {
    case .signs: networks.map { .involutions($0.signs) }
    case .bands: bandGroups.map { .permutations($0) }
    case .lookahead: foldedParameters.map { .involutions([$0.sign]) }
    case .mirror: mirror.map { [.involutions([$0])] } ?? []
    }
  }
}

extension ChainDescription {
  /// The symmetries of the chain: a chain with three peaks in a row of equaliser bands has their permutation group.
  public var symmetries: ChainSymmetries {
    let (slots, declarations) = declared
    var collector = SymmetryCollector(parameters: declarations.parameters, sampleRate: sampleRate)
    for (effect, positions) in zip(series, slots.series) { collector.add(effect, at: positions) }
    collector.closeEqualiser()
    for gain in slots.crossSends { collector.addCrossSend(at: gain) }
    for (effect, positions) in zip(sends, slots.sends) { collector.add(effect.description, at: positions) }
    if let pan = slots.directPan { collector.addPan(at: pan) }
    return collector.finished()
  }
}

/// Collects what each effect declares, in flat order.
private struct SymmetryCollector {
  private let parameters: [Parameter]
  private let sampleRate: Double
  private var found = ChainSymmetries()
  private var mirrorEntries: [Symmetry.Entry] = []
  /// The equaliser that the latest series effects make.
  private var bands: [PlacedBand] = []
  private var equalisers = 0

  init(parameters: [Parameter], sampleRate: Double) {
    self.parameters = parameters
    self.sampleRate = sampleRate
  }

  /// Bands that follow one another commute; any other effect between them ends the run.
  mutating func add(_ effect: SeriesEffect, at positions: Range<Int>) {
    guard case .biquad(let band) = effect else {
      closeEqualiser()
      add(effect.description, at: positions)
      return
    }
    let (slots, declarations) = band.declared(sampleRate: sampleRate)
    bands.append(
      PlacedBand(
        band: band, path: band.name,
        place: .init(start: positions.lowerBound, slots: slots, parameters: declarations.parameters)))
  }

  mutating func closeEqualiser() {
    guard !bands.isEmpty else { return }
    equalisers += 1
    add(BandRun(name: equalisers == 1 ? "equaliser" : "equaliser\(equalisers)", bands: bands))
    bands = []
  }

  mutating func add(_ effect: any EffectDescription, at positions: Range<Int>) {
    let own = effect.symmetries(startingAt: positions.lowerBound, sampleRate: sampleRate)
    found.nearInvariances += own.nearInvariances
    found.networks += own.networks
    mirrorEntries += own.mirrorEntries
    for index in positions {
      guard case .folded(let period) = parameters[index].bijector else { continue }
      found.foldedParameters.append(
        FoldedParameter(index: index, name: parameters[index].name, period: period))
    }
    for run in own.bandRuns { add(run) }
  }

  private mutating func add(_ run: BandRun) {
    found.nearInvariances += run.bands.compactMap(\.nearInvariance)
    found.bandGroups += run.groups
  }

  mutating func addCrossSend(at index: Int) {
    found.nearInvariances.append(parameters[index].closedSend(at: index))
  }

  mutating func addPan(at index: Int) { mirrorEntries.append(.mirroredPan(at: index)) }

  func finished() -> ChainSymmetries {
    var result = found
    if !mirrorEntries.isEmpty {
      result.mirror = Symmetry(name: "mirror", kind: .exact, effect: .mirrored, entries: mirrorEntries)
    }
    return result
  }
}
