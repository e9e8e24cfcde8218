import FXParams
import NumericCore

/// Lengths of the sends' responses and of the paths through them.
struct SendLayout {
  /// Samples of the longest path through the sends, each cut to what can be heard.
  let length: Int
  /// Samples of the grid that the networks share, if it can hold the chain's paths; see ``SendSection``.
  let foldedCount: Int?
  /// Samples of echoes that feed each network.
  let feedLengths: [Int]

  init(_ chain: ChainDescription, maximumLength: Int) {
    var reach: [Int] = []
    // Whether to fold must not depend on the segments, which would otherwise change one another's output.
    var fullReach: [Int] = []
    var own: [Int] = []
    var feeds: [Int] = []
    var canFold = true
    for (index, effect) in chain.sends.enumerated() {
      let sources = chain.crossSends.filter { $0.destination == index }.map(\.source)
      let fed = sources.map { reach[$0] }.max() ?? 0
      let fullFed = sources.map { fullReach[$0] }.max() ?? 0
      switch effect {
      case .pingPongDelay(let delay):
        let length = PingPongResponse<Float>.length(delay, sampleRate: chain.sampleRate)
        reach.append(fed + min(maximumLength, length))
        fullReach.append(fullFed + length)
      case .feedbackDelayNetwork(let network):
        let length = NetworkResponse<Float>.length(network, sampleRate: chain.sampleRate)
        reach.append(fed + min(maximumLength, length))
        fullReach.append(fullFed + length)
        own.append(length + length % 2)
        feeds.append(fullFed)
      }
      // The interpolation between so many points blurs a line's pulse by about twice as many samples: what blurs to
      // before zero falls with the square of the distance.
      if case .feedbackDelayNetwork(let network) = effect,
        (network.delaySamples.min() ?? 0) < 16 * (network.decayPoints - 1)
      {
        canFold = false
      }
      // A network's own response must not feed anything: its product with another does not end in time.
      if effect.isNetwork, chain.crossSends.contains(where: { $0.source == index }) { canFold = false }
    }
    length = max(2, reach.max() ?? 2)
    feedLengths = feeds
    let fits = own.allSatisfy { $0 == own[0] } && zip(own, feeds).allSatisfy { $0 > $1 }
    let delaysFit = zip(chain.sends, fullReach).allSatisfy { effect, reach in
      if case .pingPongDelay = effect { return reach <= (own.first ?? 0) }
      return true
    }
    foldedCount = canFold && fits && delaysFit ? own.first : nil
  }
}

extension ChainDescription.SendEffect {
  var isNetwork: Bool { if case .feedbackDelayNetwork = self { true } else { false } }
}

/// Where a send stands among the others.
struct SendPlace {
  /// One channel of an earlier send that enters an input, times the value of a parameter and a weight.
  struct Link {
    let source: Int
    let channel: Int
    let input: Int
    let parameter: Int
    let weight: Double
  }

  /// Where the effect's parameters start in the flat order.
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

/// What a task works with: a chunk a send, and the cotangents of the gains between sends.
final class SendTask<Scalar: SignalScalar>: @unchecked Sendable {
  let chunks: [SendChunk<Scalar>]
  let gains: SignalBuffer<Double>

  init(_ models: [any SendModel<Scalar>], gainCount: Int) {
    chunks = models.map { SendChunk(toneBandCount: $0.toneBandCount) }
    gains = SignalBuffer(count: gainCount)
  }
}
