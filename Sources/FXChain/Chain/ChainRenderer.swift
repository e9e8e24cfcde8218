public import FXParams
public import NumericCore

/// Renders dry segments through a chain, and pulls cotangents of the output back to the chain's parameters.
///
/// Made for a chain and a set of segments; transforms, tables, workspaces and threads are made once, so a step
/// allocates nothing. The sends make one impulse response for each output, which depends on the parameters alone
/// and is computed once per step for any number of segments. Rendering is stateless: every call starts from
/// silence.
///
/// One instance serves one caller at a time; inside, it uses up to `threads` threads. Results do not depend on
/// their number.
///
/// Unchecked sendable: it is one caller's at a time, who may be on any thread; the tasks inside share by segment
/// and by bins.
public final class ChainRenderer<Scalar: SignalScalar>: @unchecked Sendable {
  /// The effects that are rendered.
  public let chain: ChainDescription
  /// That of the chain: the order of logits and gradients [count].
  public let space: ParameterSpace
  /// Number of segments.
  public var segmentCount: Int { segments.count }

  private let panParameter: Int?
  private let effectsWithoutPullback: [String]
  private let team: ThreadTeam
  /// The sends as one; nil where there are none.
  let response: StereoResponse<Scalar>?
  private let segments: [SegmentWorkspace<Scalar>]
  private let values: SignalBuffer<Double>
  private let derivatives: SignalBuffer<Double>
  private let gradient: SignalBuffer<Double>
  private let transformed = CountdownLatch()
  private let pulled = CountdownLatch()
  /// A pullback uses up what the render left for it.
  private var isReadyForPullback = false

  /// - Parameters:
  ///   - chain: the effects; its sample rate is that of the segments.
  ///   - segments: dry mono segments at the chain's sample rate; lengths may differ.
  ///   - threads: most threads to use.
  /// - Precondition: there is a segment, and none is empty.
  public convenience init(_ chain: ChainDescription, segments: [[Scalar]], threads: Int = 1) {
    self.init(chain, segments: segments, team: ThreadTeam(threads: threads))
  }

  /// - Parameters:
  ///   - chain: the effects; its sample rate is that of the segments.
  ///   - segments: dry mono segments at the chain's sample rate; lengths may differ.
  ///   - team: threads that work for the caller as well, in turn.
  /// - Precondition: there is a segment, and none is empty.
  public init(_ chain: ChainDescription, segments: [[Scalar]], team: ThreadTeam) {
    precondition(!segments.isEmpty && segments.allSatisfy { !$0.isEmpty }, "A renderer needs non-empty segments")
    self.chain = chain
    space = chain.parameterSpace
    panParameter = chain.slots.directPan
    effectsWithoutPullback = chain.nonDifferentiableEffects
    self.team = team
    let longest = segments.map(\.count).max() ?? 1
    if chain.sends.isEmpty {
      response = nil
    } else {
      let sends = SendSection<Scalar>(chain, maximumLength: longest)
      let fft = RealFFT<Scalar>(count: FastLengths.length(atLeast: longest + sends.length - 1))
      response = StereoResponse(sends: sends, fft: fft)
    }
    let fft = response?.fft
    // Segments that all have a thread of their own keep what they made for the way back; those that take turns make
    // it again, for the memory.
    let keepsRecords = segments.count <= team.threads
    let bandCount = chain.series.count { if case .biquad = $0 { true } else { false } }
    let records =
      keepsRecords || bandCount == 0
      ? 0
      : BiquadCascade<Scalar>.recordCount(
        stageCount: min(bandCount, EqualiserStage<Scalar>.maximumBands), count: longest)
    let scratch = BufferPool(count: min(team.threads, 2 * segments.count)) {
      SegmentScratch<Scalar>(count: longest, fft: fft, records: records)
    }
    self.segments = segments.map {
      SegmentWorkspace($0, chain: chain, fft: fft, scratch: scratch, keepsRecords: keepsRecords)
    }
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

  /// The stereo output of a segment by the latest ``render(logits:)``, until its pullback, which takes the room.
  public func output(of segment: Int) -> (left: SignalBuffer<Scalar>, right: SignalBuffer<Scalar>) {
    (segments[segment].outputs[0], segments[segment].outputs[1])
  }

  /// Buffers for the cotangents of a segment's output, to be filled before a ``pullback(into:)``, which overwrites
  /// them.
  public func cotangent(of segment: Int) -> (left: SignalBuffer<Scalar>, right: SignalBuffer<Scalar>) {
    (segments[segment].cotangents[0], segments[segment].cotangents[1])
  }

  /// Renders all segments with the preset of these logits.
  ///
  /// - Precondition: one finite logit per parameter of the chain's space.
  public func render(logits: [Double]) {
    precondition(logits.count == space.count, "The chain has \(space.count) parameters, not \(logits.count)")
    for (index, parameter) in space.parameters.enumerated() {
      precondition(logits[index].isFinite, "The logit of \(parameter.name) is \(logits[index])")
      let point = parameter.bijector.forwardAndLogDerivative(logits[index])
      values[index] = point.value
      derivatives[index] = point.derivative
    }
    if let response { render(through: response) } else { team.run(segments.count, direct) }
    isReadyForPullback = true
  }

  /// The gradient with respect to the logits of sum <cotangent, output>, for the latest ``render(logits:)`` and the
  /// cotangents stored in the buffers of ``cotangent(of:)``; overwrites `logitGradient` (one entry per parameter).
  ///
  /// - Precondition: the chain is differentiable; no other pullback since that render, whose intermediate signals
  ///   this one overwrites.
  public func pullback(into logitGradient: inout [Double]) {
    precondition(logitGradient.count == space.count, "The gradient needs \(space.count) entries")
    precondition(isReadyForPullback, "A pullback needs a render of its own")
    precondition(effectsWithoutPullback.isEmpty, "\(effectsWithoutPullback) have no pullback")
    isReadyForPullback = false
    gradient.clear()
    if let response { pull(through: response) } else { team.run(segments.count, directWayBack) }
    for segment in segments {
      for index in 0..<segment.gradient.count { gradient[index] += segment.gradient[index] }
    }
    if let panParameter {
      gradient[panParameter] +=
        response?.panCotangent(directPan) ?? segments.reduce(0) { $0 + $1.panCotangent }
    }
    for index in 0..<space.count { logitGradient[index] = gradient[index] * derivatives[index] }
  }

  /// The cotangent of a dry segment by the latest ``pullback(into:)``.
  package func dryCotangent(of segment: Int) -> SignalBuffer<Scalar> { segments[segment].monoCotangent }

  // MARK: - With sends

  /// The segments' series effects beside the sends' responses, then the two responses, then the outputs.
  private func render(through response: StereoResponse<Scalar>) {
    let sends = response.sends
    sends.prepare(values.pointer)
    team.run(segments.count + sends.responseTaskCount, beginning)
    sends.finishResponses(team)
    team.run(sends.taskCount, combination)
    team.run(2, transformation)
    team.run(2 * segments.count, output)
  }

  /// The responses' cotangents back through the sends, beside the segments' own back through the series.
  private func pull(through response: StereoResponse<Scalar>) {
    let sends = response.sends
    team.run(2 * segments.count, cotangentTransformation)
    transformed.start(2)
    pulled.start(sends.taskCount)
    team.run(
      PullbackTask.count(blocks: sends.taskCount, delays: sends.delayCount, segments: segments.count), wayBack)
    sends.finishPullback(into: gradient.pointer, team)
  }

  private func pullTask(_ number: Int, through response: StereoResponse<Scalar>) {
    let sends = response.sends
    switch PullbackTask(number, blocks: sends.taskCount, delays: sends.delayCount) {
    case .channel(let channel):
      for index in segments.indices {
        segments[index].accumulateResponse(channel: channel, into: response, adding: index > 0)
      }
      response.pullTransform(channel: channel)
      transformed.finishOne()
    case .block(let block):
      transformed.wait()
      sends.pull(task: block, values.pointer)
      pulled.finishOne()
    case .delay(let delay):
      pulled.wait()
      response.pullDelay(delay)
    case .segment(let index):
      segments[index].pullOutputs(pan: directPan, through: response)
      segments[index].pullSeries(values.pointer)
    }
  }

  // MARK: - Tasks of the parallel loops, made once because a closure is an object

  private lazy var beginning: @Sendable (Int) -> Void = { [unowned self] task in
    if task < segments.count {
      segments[task].applySeries(values.pointer, fft: response?.fft)
    } else {
      response?.sends.respond(task: task - segments.count)
    }
  }
  private lazy var combination: @Sendable (Int) -> Void = { [unowned self] in
    response?.sends.combine(task: $0, values.pointer)
  }
  private lazy var transformation: @Sendable (Int) -> Void = { [unowned self] in
    response?.transform(channel: $0)
  }
  private lazy var output: @Sendable (Int) -> Void = { [unowned self] in
    if let response { segments[$0 / 2].makeOutput(channel: $0 % 2, pan: directPan, through: response) }
  }
  private lazy var cotangentTransformation: @Sendable (Int) -> Void = { [unowned self] in
    if let fft = response?.fft { segments[$0 / 2].transformCotangent(channel: $0 % 2, fft: fft) }
  }
  private lazy var wayBack: @Sendable (Int) -> Void = { [unowned self] in
    if let response { pullTask($0, through: response) }
  }
  private lazy var direct: @Sendable (Int) -> Void = { [unowned self] in
    segments[$0].applySeries(values.pointer, fft: nil)
    for channel in 0..<2 { segments[$0].makeDirectOutput(channel: channel, pan: directPan) }
  }
  private lazy var directWayBack: @Sendable (Int) -> Void = { [unowned self] in
    segments[$0].pullDirectOutputs(pan: directPan)
    segments[$0].pullSeries(values.pointer)
  }

  private var directPan: PanGains { PanGains(panParameter.map { values[$0] } ?? 0.5) }
}
