extension ChainDescription {
  /// The DiffVox vocal chain (arXiv 2504.14735): six-band EQ, compressor/expander, ping-pong delay, FDN reverb.
  ///
  /// Its parameter space has the 130 free parameters of the published presets, in their order.
  public static let diffVox = ChainDescription(
    series: [
      .biquad(.init(name: "peak1", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20))),
      .biquad(.init(name: "peak2", response: .peak, frequencyHz: .init(200, 17500), q: .init(0.2, 20))),
      .biquad(.init(name: "lowshelf", response: .lowShelf, frequencyHz: .init(30, 200))),
      .biquad(.init(name: "highshelf", response: .highShelf, frequencyHz: .init(750, 8300))),
      .biquad(.init(name: "lowpass", response: .lowPass, frequencyHz: .init(200, 18000), q: .init(0.5, 10))),
      .biquad(.init(name: "highpass", response: .highPass, frequencyHz: .init(16, 5300), q: .init(0.5, 10))),
      .compressorExpander(.init()),
    ],
    sends: [
      .pingPongDelay(.init()),
      .feedbackDelayNetwork(
        .init(tone: [
          .init(name: "peak1", response: .peak, frequencyHz: .init(200, 2500), q: .init(0.1, 3)),
          .init(name: "peak2", response: .peak, frequencyHz: .init(600, 7000), q: .init(0.1, 3)),
          .init(name: "lowshelf", response: .lowShelf, frequencyHz: .init(30, 450)),
          .init(name: "highshelf", response: .highShelf, frequencyHz: .init(1500, 16000)),
        ])),
    ])
}
