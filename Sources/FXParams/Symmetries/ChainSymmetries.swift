/// The symmetries of a chain, collected from the effects that own the parameters.
public struct ChainSymmetries: Sendable, Hashable {
  /// Groups of at least two bands whose settings commute.
  public internal(set) var bandGroups: [BandGroup] = []
  public internal(set) var networks: [NetworkSymmetries] = []
  public internal(set) var foldedParameters: [FoldedParameter] = []
  /// Left and right exchanged; nil where nothing of the chain is off the centre.
  public internal(set) var mirror: Symmetry?
  /// Motions of settings that hardly matter, each with its criterion.
  public internal(set) var nearInvariances: [Symmetry] = []

  /// The generators of all that leaves the sound as it is or mirrors it: exchanges of neighbouring bands, signs, gauges
  /// by 2, lookahead sign and period, and the mirror. Near-invariances are apart.
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
    var walk = SymmetryWalk(parameters: flatParameters)
    walk.visitSeries(series)
    for _ in crossSends { walk.visitCrossSend() }
    for effect in sends {
      switch effect {
      case .pingPongDelay(let delay): walk.visit(delay)
      case .feedbackDelayNetwork(let network): walk.visit(network, sampleRate: sampleRate)
      }
    }
    if hasDirectPan { walk.visitPan() }
    return walk.finished()
  }
}

/// Goes through the flat order and collects what each effect declares.
private struct SymmetryWalk {
  let parameters: [Parameter]
  private var position = 0
  private var found = ChainSymmetries()
  private var mirrorEntries: [Symmetry.Entry] = []

  init(parameters: [Parameter]) { self.parameters = parameters }

  /// Bands that follow one another commute; any other effect between them ends the run.
  mutating func visitSeries(_ series: [ChainDescription.SeriesEffect]) {
    var run: [BiquadBand] = []
    var equalisers = 0
    func name() -> String { equalisers == 1 ? "equaliser" : "equaliser\(equalisers)" }
    for effect in series {
      switch effect {
      case .biquad(let band): run.append(band)
      case .compressorExpander(let compressor):
        if !run.isEmpty { equalisers += 1 }
        visit(run, equaliser: name())
        run = []
        visit(compressor)
      case .bitCrusher(let crusher):
        if !run.isEmpty { equalisers += 1 }
        visit(run, equaliser: name())
        run = []
        position += crusher.parameters().count
      }
    }
    if !run.isEmpty { equalisers += 1 }
    visit(run, equaliser: name())
  }

  mutating func visitCrossSend() {
    found.nearInvariances.append(parameters[position].closedSend(at: position))
    position += 1
  }

  mutating func visit(_ delay: PingPongDelay) {
    found.nearInvariances += delay.nearInvariances(at: position)
    let placed = PlacedParameters(start: position, parameters: delay.parameters())
    for pan in ["odd_pan", "even_pan"] { placed.index(pan).map { negate($0) } }
    position += placed.parameters.count
  }

  mutating func visit(_ network: FeedbackDelayNetwork, sampleRate: Double) {
    let symmetries = network.networkSymmetries(at: position)
    found.networks.append(symmetries)
    mirrorEntries += symmetries.mirrorEntries
    position += network.parameters(sampleRate: sampleRate).count
    let toneCount = network.tone.reduce(0) { $0 + $1.parameters().count }
    position -= toneCount
    visit(network.tone, equaliser: network.name + ".tone", prefix: network.name + ".")
  }

  mutating func visitPan() {
    negate(position)
    position += 1
  }

  func finished() -> ChainSymmetries {
    var result = found
    if !mirrorEntries.isEmpty {
      result.mirror = Symmetry(name: "mirror", kind: .exact, effect: .mirrored, entries: mirrorEntries)
    }
    return result
  }

  // MARK: - Parts

  private mutating func visit(_ compressor: CompressorExpander) {
    found.nearInvariances += compressor.nearInvariances(at: position)
    for parameter in compressor.parameters() {
      if case .folded(let period) = parameter.bijector {
        found.foldedParameters.append(FoldedParameter(index: position, name: parameter.name, period: period))
      }
      position += 1
    }
  }

  private mutating func visit(_ bands: [BiquadBand], equaliser: String, prefix: String = "") {
    var placed: [(band: BiquadBand, indices: [Int])] = []
    for band in bands {
      found.nearInvariances += band.nearInvariances(at: position, prefix: prefix)
      let count = band.parameters().count
      placed.append((band, Array(position..<position + count)))
      position += count
    }
    for response in BiquadBand.Response.allCases {
      let alike = placed.filter { $0.band.response == response }
      guard alike.count > 1 else { continue }
      found.bandGroups.append(
        BandGroup(
          name: "\(equaliser) \(response.rawValue)", bandNames: alike.map { prefix + $0.band.name },
          indices: alike.map(\.indices), parameters: alike.map { $0.indices.map { parameters[$0] } }))
    }
  }

  /// A pan p becomes 1 - p: its logit changes sign.
  private mutating func negate(_ index: Int) {
    mirrorEntries.append(.init(target: index, source: index, map: LogitMap([.scaled(by: -1)])))
  }
}
