import FXChain
import FXParams
import TestSupport
import Testing

/// Chains that are not DiffVox: other effects, other order, other rates.
struct OtherChainsTests {
  static let chains: [(name: String, chain: ChainDescription)] = [
    (
      "compressor first, three bands",
      .init(
        series: [
          .compressorExpander(SmallChains.compressor), .biquad(SmallChains.highPass), .biquad(SmallChains.peak),
          .biquad(SmallChains.lowShelf),
        ], sends: [])
    ),
    (
      "compressor between bands, no lookahead",
      .init(
        series: [
          .biquad(SmallChains.highShelf), .compressorExpander(SmallChains.compressorWithoutLookahead),
          .biquad(SmallChains.lowPass),
        ], sends: [], hasDirectPan: false)
    ),
    (
      "fixed tone",
      .init(
        series: [], sends: [.feedbackDelayNetwork(SmallChains.reverb([97, 131], tone: SmallChains.fixedBands))])
    ),
    ("reverb alone", .init(series: [], sends: [.feedbackDelayNetwork(SmallChains.reverb())])),
    ("delay alone", .init(series: [.biquad(SmallChains.peak)], sends: [.pingPongDelay(SmallChains.delay)])),
    (
      "reverb into delay",
      .init(
        series: [],
        sends: [.feedbackDelayNetwork(SmallChains.reverb()), .pingPongDelay(SmallChains.delay)])
    ),
    (
      "parallel sends",
      .init(
        series: [], sends: [.pingPongDelay(SmallChains.delay), .feedbackDelayNetwork(SmallChains.reverb())],
        hasCrossSends: false, hasDirectPan: false)
    ),
    (
      "delay into delay into reverb",
      .init(
        series: [.biquad(SmallChains.lowPass)],
        sends: [
          .pingPongDelay(SmallChains.delay), .pingPongDelay(second),
          .feedbackDelayNetwork(SmallChains.reverb([97, 131, 173, 211], tone: [])),
        ])
    ),
    (
      "eight lines at 48 kHz",
      .init(
        sampleRate: 48000, series: [.compressorExpander(SmallChains.compressor)],
        sends: [.feedbackDelayNetwork(SmallChains.reverb([61, 79, 97, 131, 173, 211, 251, 293]))])
    ),
    (
      "one line",
      .init(series: [], sends: [.feedbackDelayNetwork(SmallChains.reverb([131], decayPoints: 2, tone: []))])
    ),
    ("nothing but pan", .init(series: [], sends: [])),
  ]

  private static var second: PingPongDelay {
    var delay = SmallChains.delay
    delay.name = "second_delay"
    delay.responseSeconds = 0.0671
    return delay
  }

  private func logits(_ chain: ChainDescription) -> [Double] { chain.randomLogits(seed: 12, spread: 1) }

  @Test(arguments: chains.indices) func pullbacksMeetDifferences(_ index: Int) {
    let (name, chain) = Self.chains[index]
    checkPullback(
      PullbackCase(
        name: name, chain: chain, logits: logits(chain), dry: TestSignals.swells(2001), step: 1e-6,
        tolerance: 2e-5))
  }

  /// Block by block gives the same as at once, for every topology.
  @Test(arguments: chains.indices) func streamingEqualsWhole(_ index: Int) {
    let chain = Self.chains[index].chain
    let dry = TestSignals.swells(9001)
    let whole = Rendering(chain, dry: dry, logits: logits(chain))
    let streaming = StreamingRenderer<Double>(chain, logits: logits(chain), frameCount: dry.count)
    var left: [Double] = []
    var right: [Double] = []
    for start in stride(from: 0, to: dry.count, by: 1234) {
      let end = min(start + 1234, dry.count)
      streaming.process(Array(dry[start..<end]), isLast: end == dry.count) {
        left += $0
        right += $1
      }
    }
    #expect(relativeNormError(left, whole.left) < 1e-12)
    #expect(relativeNormError(right, whole.right) < 1e-12)
  }

  /// A stereo reverb enters the mono delay as the mean of its channels.
  @Test func stereoIntoMonoIsTheMean() {
    let reverb = SmallChains.reverb([97, 131, 173], tone: [])
    let delay = SendEffect.pingPongDelay(SmallChains.delay)
    let fed = ChainDescription(series: [], sends: [.feedbackDelayNetwork(reverb), delay], hasDirectPan: false)
    let logits = fed.randomLogits(seed: 3)
    let space = fed.parameterSpace
    let values = Dictionary(uniqueKeysWithValues: zip(space.names, logits))
    func render(_ chain: ChainDescription, _ dry: [Double]) -> Rendering {
      Rendering(chain, dry: dry, logits: chain.parameterSpace.names.map { values[$0] ?? 0 })
    }
    func subtract(_ a: Rendering, _ dry: [Double]) -> (left: [Double], right: [Double]) {
      (zip(a.left, dry).map(-), zip(a.right, dry).map(-))
    }
    let dry = TestSignals.swells(3000)
    let reverberated = subtract(render(.sends(.feedbackDelayNetwork(reverb)), dry), dry)
    let gain = space.values(ofLogits: logits)[0]
    let delayInput = dry.indices.map {
      dry[$0] + gain * (reverberated.left[$0] + reverberated.right[$0]) / 2
    }
    let delayed = subtract(render(.sends(delay), delayInput), delayInput)
    let found = render(fed, dry)
    for (channel, parts) in [
      (found.left, (reverberated.left, delayed.left)), (found.right, (reverberated.right, delayed.right)),
    ] {
      let expected = dry.indices.map { dry[$0] + parts.0[$0] + parts.1[$0] }
      #expect(relativeNormError(channel, expected) < 1e-12)
    }
  }

  /// Without a pan parameter the direct sound is centred at unit gain.
  @Test func nothingLeavesTheSignal() {
    let dry = TestSignals.swells(500)
    let rendering = Rendering(ChainDescription(series: [], sends: [], hasDirectPan: false), dry: dry, logits: [])
    #expect(relativeNormError(rendering.left, dry) < 1e-15)
    #expect(relativeNormError(rendering.right, dry) < 1e-15)
  }
}
