/// What a table that leaves out whole effects is completed with: the neutral values of those effects.
///
/// An effect is absent if the table has none of its parameters. The gain of a send into another belongs to the send
/// that it feeds; it is left out with either of the two.
public struct NeutralFill: Sendable, Hashable {
  /// An effect of which a table has nothing.
  public struct AbsentEffect: Sendable, Hashable {
    /// The first part of the names of its parameters.
    public let name: String
    /// Of its parameters in flat order.
    public let positions: [Int]
  }

  /// In the order of the chain.
  public let absentEffects: [AbsentEffect]
  /// Positions of the parameters that get neutral values, ascending.
  public let positions: [Int]

  /// - Parameters:
  ///   - chain: that of the table.
  ///   - given: positions of the parameters that the table has.
  public init(_ chain: ChainDescription, given: Set<Int>) {
    let slots = chain.slots
    let sends = zip(chain.crossSends, slots.crossSends)
    var effects = zip(chain.series, slots.series).map { AbsentEffect(name: $0.name, positions: Array($1)) }
    effects += zip(chain.sends, slots.sends).enumerated().map { index, send in
      let feeds = sends.filter { $0.0.destination == index }.map(\.1)
      return AbsentEffect(name: send.0.name, positions: feeds + send.1)
    }
    if let pan = slots.directPan { effects.append(AbsentEffect(name: "direct", positions: [pan])) }
    absentEffects = effects.filter { given.isDisjoint(with: $0.positions) && !$0.positions.isEmpty }
    let absent = absentEffects.map(\.name)
    let unfed = sends.filter { absent.contains(chain.sends[$0.0.source].name) && !given.contains($0.1) }.map(\.1)
    positions = Set(absentEffects.flatMap(\.positions) + unfed).sorted()
  }
}
