import FXParams

/// Effects with short responses, so that a value costs little and can be differenced for every parameter.
enum SmallChains {
  static let peak = BiquadBand(name: "peak", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20))
  static let lowShelf = BiquadBand(name: "lowshelf", response: .lowShelf, frequencyHz: .init(30, 200))
  static let highShelf = BiquadBand(name: "highshelf", response: .highShelf, frequencyHz: .init(750, 8300))
  static let lowPass = BiquadBand(
    name: "lowpass", response: .lowPass, frequencyHz: .init(200, 18000), q: .init(0.5, 10))
  static let highPass = BiquadBand(
    name: "highpass", response: .highPass, frequencyHz: .init(16, 5300), q: .init(0.5, 10))
  static let freeBands = [peak, lowShelf, highShelf, lowPass, highPass]

  /// Bands of which the chain fixes something, and a shelf whose Q is free.
  static let fixedBands = [
    BiquadBand(name: "fixedpeak", response: .peak, frequencyHz: .fixed(700), q: .free(.init(0.2, 20))),
    BiquadBand(name: "fixedq", response: .peak, frequencyHz: .free(.init(33, 5400)), q: .fixed(1.4)),
    BiquadBand(name: "fixedshelf", response: .lowShelf, frequencyHz: .fixed(105), q: .fixed(0.7)),
    BiquadBand(name: "steepshelf", response: .highShelf, frequencyHz: .init(750, 8300), q: .init(0.2, 3)),
    BiquadBand(name: "fixedlowshelf", response: .lowShelf, frequencyHz: .fixed(300), q: .free(.init(0.2, 3))),
    BiquadBand(name: "fixedpass", response: .lowPass, frequencyHz: .fixed(9000), q: .free(.init(0.5, 10))),
  ]
  static let bands = freeBands + fixedBands

  static let compressor = CompressorExpander()
  static let compressorWithoutLookahead = CompressorExpander(maximumLookaheadMilliseconds: nil)

  /// 0.1 s, with echoes every 2 to 20 ms.
  static let delay = PingPongDelay(delayMilliseconds: .init(2, 20), responseSeconds: 0.1)

  static let tone: [BiquadBand] = [
    .init(name: "peak1", response: .peak, frequencyHz: .init(200, 2500), q: .init(0.1, 3)),
    .init(name: "peak2", response: .peak, frequencyHz: .init(600, 7000), q: .init(0.1, 3)),
    .init(name: "lowshelf", response: .lowShelf, frequencyHz: .init(30, 450)),
    .init(name: "highshelf", response: .highShelf, frequencyHz: .init(1500, 16000)),
  ]

  /// 0.2 s, with a decay that fits.
  static func reverb(
    _ delaySamples: [Int] = [97, 131, 173, 211, 251, 293], decayPoints: Int = 9, tone: [BiquadBand] = tone
  ) -> FeedbackDelayNetwork {
    FeedbackDelayNetwork(
      delaySamples: delaySamples, decayPoints: decayPoints, responseSeconds: 0.2, maximumT60Seconds: 0.3, tone: tone
    )
  }

  /// The DiffVox chain with all its 130 parameters and short responses.
  static let diffVox = ChainDescription(
    series: ChainDescription.diffVox.series,
    sends: [.pingPongDelay(delay), .feedbackDelayNetwork(reverb(decayPoints: 49))])
}
