import FXParams
import NumericCore

/// Lengths of the sends' responses and of the paths through them.
struct SendLayout {
  /// Samples of the longest path through the sends, each cut to what can be heard.
  let length: Int
  /// Samples of the grid that the network is sampled on, if the sends may be combined there; see ``SendSection``.
  let aliasedCount: Int?
  /// Where each send stands: what nothing feeds and has a response in time is heard *directly*.
  let isDirect: [Bool]

  init(_ chain: ChainDescription, maximumLength: Int) {
    var reach: [Int] = []
    // Whether to alias must not depend on the segments, which would otherwise change one another's output.
    var fullReach: [Int] = []
    var own: [Int] = []
    var feeds: [Int] = []
    var isDirect: [Bool] = []
    var canAlias = true
    for (index, effect) in chain.sends.enumerated() {
      let sources = chain.crossSends.filter { $0.destination == index }.map(\.source)
      let fed = sources.map { reach[$0] }.max() ?? 0
      let fullFed = sources.map { fullReach[$0] }.max() ?? 0
      let length = effect.description.responseLength(sampleRate: chain.sampleRate)
      reach.append(fed + min(maximumLength, length))
      fullReach.append(fullFed + length)
      isDirect.append(effect.network == nil && sources.isEmpty)
      guard let network = effect.network else { continue }
      own.append(length + length % 2)
      feeds.append(fullFed)
      // The interpolation between so many points blurs a line's pulse by about twice as many samples: what blurs to
      // before zero falls with the square of the distance.
      if (network.delaySamples.min() ?? 0) < 16 * (network.decayPoints - 1) { canAlias = false }
    }
    length = max(2, reach.max() ?? 2)
    self.isDirect = isDirect
    // One network is combined there with the direct delays that feed it, and nothing else.
    let isAlone = own.count == 1 && isDirect.count { !$0 } == 1
    let fits = zip(own, feeds).allSatisfy { $0 > $1 }
    aliasedCount = canAlias && isAlone && fits ? own.first : nil
  }
}

extension SendEffectDescription {
  /// Samples of the modelled response.
  func responseLength(sampleRate: Double) -> Int { max(2, Int((responseSeconds * sampleRate).rounded())) }
}

/// The place of a send among the others.
struct SendPlace {
  /// One channel of an earlier send that enters an input, times the value of a parameter and a weight.
  struct Link {
    let source: Int
    let channel: Int
    let input: Int
    let parameter: Int
    let weight: Double
  }

  /// The position of the effect's first parameter in the flat order.
  let offset: Int
  let links: [Link]
  let feedsOthers: Bool

  init(
    _ index: Int, inputCount: Int, offset: Int, firstGain: Int, crossSends: [(source: Int, destination: Int)]
  ) {
    self.offset = offset
    feedsOthers = crossSends.contains { $0.source == index }
    var links: [Link] = []
    for (gain, send) in crossSends.enumerated() where send.destination == index {
      for channel in 0..<2 {
        // A stereo send enters channel by channel, or as the mean into a single input.
        links.append(
          Link(
            source: send.source, channel: channel, input: inputCount == 2 ? channel : 0,
            parameter: firstGain + gain, weight: inputCount == 2 ? 1 : 0.5))
      }
    }
    self.links = links
  }
}

/// The memory of a task: one chunk per send, and the cotangents of the gains between sends.
///
/// Unchecked sendable: one task of a loop uses it.
final class SendTask<Scalar: SignalScalar>: @unchecked Sendable {
  let chunks: [SendChunk<Scalar>]
  let gains: SignalBuffer<Double>

  init(_ models: [any SendModel<Scalar>], gainCount: Int) {
    chunks = models.map { _ in SendChunk() }
    gains = SignalBuffer(count: gainCount)
  }
}
