public import FXParams
public import NumericCore

/// Renders dry segments through a chain, and pulls cotangents of the output back to the chain's parameters.
///
/// Made for a chain and a set of segments; transforms, tables and workspaces are made once, so a step allocates
/// nothing of a signal's size. The send effects' responses depend on the parameters alone and are computed once a
/// step, whatever the number of segments. Rendering is stateless: every call starts from silence.
///
/// One instance serves one caller at a time; inside, it uses up to `threads` threads. Results do not depend on their
/// number.
public final class ChainRenderer<Scalar: SignalScalar>: @unchecked Sendable {
  public let chain: ChainDescription
  public let space: ParameterSpace
  /// Number of segments.
  public var segmentCount: Int { segments.count }

  private let workers: Workers
  private let fft: RealFFT<Scalar>
  private let sends: [SendStage<Scalar>]
  private let segments: [SegmentWorkspace<Scalar>]
  private let panParameter: Int?
  private let values: SignalBuffer<Double>
  private let derivatives: SignalBuffer<Double>
  private let gradient: SignalBuffer<Double>
  /// A pullback uses up what the render left for it.
  private var isReadyForPullback = false

  /// - Parameters:
  ///   - segments: dry mono segments at the chain's sample rate; lengths may differ.
  ///   - threads: most threads to use.
  /// - Precondition: there is a segment, and none is empty.
  public init(_ chain: ChainDescription, segments: [[Scalar]], threads: Int = 1) {
    precondition(!segments.isEmpty && segments.allSatisfy { !$0.isEmpty }, "A renderer needs non-empty segments")
    self.chain = chain
    space = chain.parameterSpace
    workers = Workers(count: max(1, threads))
    let longest = segments.map(\.count).max() ?? 1
    let models = chain.sends.map {
      $0.makeResponse(Scalar.self, sampleRate: chain.sampleRate, maximumLength: longest)
    }
    let response = models.map(\.length).max() ?? 1
    fft = RealFFT(count: models.isEmpty ? 2 : RealFFT<Scalar>.fastCount(atLeast: longest + response - 1))
    sends = SendStage.makeAll(chain, models: models, fft: fft)
    let (sends, fft) = (sends, fft)
    self.segments = segments.map { SegmentWorkspace($0, chain: chain, sends: sends, fft: fft) }
    panParameter = chain.hasDirectPan ? space.count - 1 : nil
    values = SignalBuffer(count: space.count)
    derivatives = SignalBuffer(count: space.count)
    gradient = SignalBuffer(count: space.count)
  }

  /// Number of samples of a segment.
  public func frameCount(of segment: Int) -> Int { segments[segment].frameCount }

  /// Gives a segment other samples, so that one renderer serves any number of segments of one length.
  ///
  /// - Precondition: as many samples as before.
  public func replaceSegment(_ segment: Int, by samples: [Scalar]) {
    precondition(
      samples.count == frameCount(of: segment),
      "\(samples.count) samples for a segment of \(frameCount(of: segment))")
    segments[segment].replaceDry(by: samples)
    isReadyForPullback = false
  }

  /// The stereo output of a segment by the latest ``render(logits:)``.
  public func output(of segment: Int) -> (left: SignalBuffer<Scalar>, right: SignalBuffer<Scalar>) {
    (segments[segment].left, segments[segment].right)
  }

  /// Where the cotangents of a segment's output go before a ``pullback(into:)``.
  public func cotangent(of segment: Int) -> (left: SignalBuffer<Scalar>, right: SignalBuffer<Scalar>) {
    (segments[segment].leftCotangent, segments[segment].rightCotangent)
  }

  /// Renders all segments with the preset of these logits.
  ///
  /// - Precondition: one finite logit a parameter of the chain's space.
  public func render(logits: [Double]) {
    precondition(logits.count == space.count, "The chain has \(space.count) parameters, not \(logits.count)")
    for (index, parameter) in space.parameters.enumerated() {
      precondition(logits[index].isFinite, "The logit of \(parameter.name) is \(logits[index])")
      let point = parameter.bijector.forwardAndLogDerivative(logits[index])
      values[index] = point.value
      derivatives[index] = point.derivative
    }
    let (values, sends, segments, panParameter) = (values, sends, segments, panParameter)
    workers.forEach(segments.count) { segments[$0].applySeries(values.pointer) }
    for send in sends { send.prepare(values.pointer, fft: fft, workers: workers) }
    workers.forEach(segments.count) {
      segments[$0].applySends(values.pointer, stages: sends, panParameter: panParameter)
    }
    isReadyForPullback = true
  }

  /// The gradient with respect to the logits of sum <cotangent, output>, for the latest ``render(logits:)`` and the
  /// cotangents stored in the buffers of ``cotangent(of:)``; overwrites `logitGradient` (one entry a parameter).
  ///
  /// - Precondition: no other pullback since that render, whose intermediate signals this one overwrites.
  public func pullback(into logitGradient: inout [Double]) {
    precondition(logitGradient.count == space.count, "The gradient needs \(space.count) entries")
    precondition(isReadyForPullback, "A pullback needs a render of its own")
    isReadyForPullback = false
    let (values, sends, segments, panParameter) = (values, sends, segments, panParameter)
    workers.forEach(segments.count) {
      segments[$0].pullback(values.pointer, stages: sends, panParameter: panParameter)
    }
    gradient.clear()
    for segment in segments { segment.addGradient(to: gradient.pointer) }
    for (index, send) in sends.enumerated() {
      workers.forEach(send.spectra.count) { pair in
        for (number, segment) in segments.enumerated() {
          segment.accumulateResponse(pair: pair, of: index, stage: send, adding: number > 0)
        }
      }
      send.pullback(into: gradient.pointer, fft: fft, workers: workers)
    }
    for index in 0..<space.count { logitGradient[index] = gradient[index] * derivatives[index] }
  }

  /// The cotangent of a dry segment by the latest ``pullback(into:)``.
  package func dryCotangent(of segment: Int) -> SignalBuffer<Scalar> { segments[segment].monoCotangent }
}

extension ChainDescription.SendEffect {
  func makeResponse<Scalar: SignalScalar>(
    _: Scalar.Type, sampleRate: Double, maximumLength: Int
  ) -> any ImpulseResponse<Scalar> {
    switch self {
    case .pingPongDelay(let effect):
      PingPongResponse<Scalar>(effect, sampleRate: sampleRate, maximumLength: maximumLength)
    case .feedbackDelayNetwork(let effect):
      NetworkResponse<Scalar>(effect, sampleRate: sampleRate, maximumLength: maximumLength)
    }
  }
}
