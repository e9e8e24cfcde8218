import NumericCore

extension SendSection {
  private static var foldingLimit: Double { 1e-4 }
  private static var decayLimit: Double { 2.5e-3 }
  private static var precursorLimit: Double { 1.5e-4 }

  /// Whether the folded grid serves for these parameter values.
  ///
  /// The *exact* grid is so long that no product of the responses, each cut to what can be heard, wraps. The *folded*
  /// one is the networks' own, of M bins, on which they are sampled anyway: with it their responses need not go to time
  /// and back. There a product of a network's response r with the L samples of the delays that feed it wraps what r has
  /// left after M - L samples, and the tone's ringing wraps too. A line of m samples attenuates by gamma^(m/m_min), so
  /// that sample n of r is attenuated by d(n) = max(gamma)^(n/m_min) at least; a tone whose slowest pole has radius p
  /// rings down as p^n. Of what wraps, a part arrives through the feeds: F is the sum over feeds of the feed's gain times
  /// the level of its source's echoes, gain / sqrt(1 - feedback^2). Float takes the folded grid where
  ///
  ///     d(M - L) F <= 1e-4,    d(M - L) <= 2.5e-3,    p^(M - L) <= 1e-4.
  ///
  /// The first bounds the change of the network's output, the second that of the cotangent of a feed's gain, which F
  /// does not scale: 2.5e-3 is half the tolerance of a component, and the published network, whose longest decay is 9 s,
  /// stays below it. d is of the slowest frequency alone, so that the bounds are not tight.
  ///
  /// Also, gamma(w) has no phase, so that r begins a little before zero. The exact way cuts that off; on the folded grid
  /// the tone's ringing and the feeds carry some of it past zero, at most about half in the presets of the reference.
  /// Its share of r, ``NetworkResponse/precursor``, may be 1.5e-4. About six in ten published presets are folded, and
  /// so is their mean, about which a search with the prior goes on. The tests hold the two together. Double always
  /// takes the exact grid.
  func canFold(_ values: UnsafePointer<Double>) -> Bool {
    guard foldedGrid != nil else { return false }
    for index in networks.indices {
      let network = networks[index]
      let heard = network.ownGrid.count - feedLengths[index]
      let decay = network.decay(after: heard)
      let change = max(decay * feedLevel(networkSends[index], values), network.ringing(after: heard))
      guard decay <= Self.decayLimit, change <= Self.foldingLimit, network.precursor <= Self.precursorLimit else {
        return false
      }
    }
    return true
  }

  /// How much louder than the mono signal what feeds a send may be, the signal itself left out.
  private func feedLevel(_ send: Int, _ values: UnsafePointer<Double>) -> Double {
    var level = 0.0
    for link in places[send].links where link.channel == 0 {
      let source = models[link.source].level * (1 + feedLevel(link.source, values))
      level += abs(link.weight * values[link.parameter]) * source
    }
    return level
  }
}
