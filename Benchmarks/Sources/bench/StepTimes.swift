import FXChain
import FXParams
import Foundation
import Inference
import NumericCore
import PriorKit
import StyleFeatures

/// Where the time of one MAP step goes: the whole step through the posterior, its public parts, chains with fewer
/// effects, and the bare transforms it needs.
///
/// Run: swift run --package-path Benchmarks -c release bench --only step
func stepTimes(seconds: Double = 8, segments: Int = 1) throws -> Contest {
  let chain = ChainDescription.diffVox
  let frameCount = Int(seconds * chain.sampleRate)
  var contest = Contest("step", "MAP step, MFCC, \(segments) x \(seconds) s at \(chain.sampleRate) Hz, Float")
  let dry = (0..<segments).map { dryVocal(frameCount: frameCount, seed: UInt64($0)) }
  for threads in [1, 2] {
    try addStep(to: &contest, dry: dry, threads: threads)
    addChains(to: &contest, dry: dry, threads: threads)
  }
  addTransforms(to: &contest, frameCount: frameCount, segments: segments)
  return contest
}

/// Noise shaped to syllables, so that the dynamics have work to do.
func dryVocal(frameCount: Int, seed: UInt64) -> [Float] {
  var source = RandomSource(seed: seed)
  var smooth: Float = 0
  return (0..<frameCount).map { n in
    smooth += 0.2 * (Float.random(in: -1...1, using: &source) - smooth)
    return smooth * Float(0.3 * (1 + sin(2 * .pi * Double(n) / 20000)))
  }
}

/// A prior of the chain's parameters about the middle of their ranges.
private func makePrior() throws -> Prior {
  let count = ChainDescription.diffVox.parameterSpace.count
  var covariance = Matrix(rows: count, columns: count)
  for index in 0..<count { covariance[index, index] = 1 }
  return try Prior(
    chain: .diffVox, mean: [Double](repeating: 0.3, count: count), covariance: covariance)
}

/// The posterior of a chain given noise as reference.
func makePosterior(dry: [[Float]], threads: Int) throws -> StylePosterior {
  let reference = StereoSegment(
    left: dryVocal(frameCount: dry[0].count, seed: 7), right: dryVocal(frameCount: dry[0].count, seed: 8))
  return try StylePosterior(
    prior: makePrior(), encoder: .mfcc, references: [reference], inputs: dry, weights: .loss(alpha: 0.1),
    threads: threads)
}

private func addStep(to contest: inout Contest, dry: [[Float]], threads: Int) throws {
  let posterior = try makePosterior(dry: dry, threads: threads)
  // A decay that jumps from one frequency to the next needs more transforms.
  for (name, jump) in [("whole step", 0.0), ("whole step, rough decay", 3.0)] {
    var theta = [Double](repeating: 0.3, count: posterior.dimension)
    for (index, name) in posterior.prior.space.names.enumerated() where name.hasPrefix("reverb.gamma.") {
      theta[index] += index % 2 == 0 ? jump : -jump
    }
    let point = theta
    var gradient = theta
    contest.add("\(name), \(threads) threads") { _ = try? posterior.evaluate(at: point, gradient: &gradient) }
  }
}

/// How the time of a step grows with the number of segments.
func segmentTimes() throws -> Contest {
  var contest = Contest("segments", "MAP step, MFCC, 1 and 4 segments of 11 s, 2 threads, Float")
  for segments in [1, 4] {
    let frameCount = Int(11 * ChainDescription.diffVox.sampleRate)
    let dry = (0..<segments).map { dryVocal(frameCount: frameCount, seed: UInt64($0)) }
    let posterior = try makePosterior(dry: dry, threads: 2)
    let theta = [Double](repeating: 0.3, count: posterior.dimension)
    var gradient = theta
    // The bound of four is four times one.
    contest.add("\(segments) of 11 s", segments == 1 ? .bound : .figure) {
      _ = try? posterior.evaluate(at: theta, gradient: &gradient)
    }
  }
  return contest
}

private func addChains(to contest: inout Contest, dry: [[Float]], threads: Int) {
  let whole = ChainDescription.diffVox
  let equaliser = ChainDescription(series: Array(whole.series.dropLast()), sends: [])
  let series = ChainDescription(series: whole.series, sends: [])
  let delay = ChainDescription(series: [], sends: [whole.sends[0]])
  let reverb = ChainDescription(series: [], sends: [whole.sends[1]])
  for (name, chain) in [
    ("whole chain", whole), ("equalisers", equaliser), ("equalisers and dynamics", series), ("delay", delay),
    ("reverb", reverb),
  ] {
    let renderer = ChainRenderer<Float>(chain, segments: dry, threads: threads)
    let logits = [Double](repeating: 0.3, count: chain.parameterSpace.count)
    var gradient = logits
    // A pullback uses its cotangents up; making them takes a hundredth of it.
    let cotangents = dry.map { samples in [SignalBuffer(samples), SignalBuffer(samples.map { -$0 })] }
    contest.add("\(name) render, \(threads) threads") { renderer.render(logits: logits) }
    contest.add("\(name) render and pullback, \(threads) threads") {
      renderer.render(logits: logits)
      for (segment, given) in cotangents.enumerated() {
        let (left, right) = renderer.cotangent(of: segment)
        left.pointer.update(from: given[0].pointer, count: left.count)
        right.pointer.update(from: given[1].pointer, count: right.count)
      }
      renderer.pullback(into: &gradient)
    }
  }
}

/// The transforms that a step cannot do without, as docs/performance.md counts them.
private func addTransforms(to contest: inout Contest, frameCount: Int, segments: Int) {
  for (name, body) in stepTransforms(frameCount: frameCount, segments: segments) { contest.add(name, .bound, body) }
}

/// The same, as something to time.
func stepTransforms(frameCount: Int, segments: Int) -> [(name: String, body: () -> Void)] {
  let rate = ChainDescription.diffVox.sampleRate
  let encoderFrames = 2 * segments * ((frameCount - 2048) / 1024 + 1)
  // The compressor's lookahead has 706 taps, at 15 ms.
  let lookaheadBlocks = segments * ((frameCount + 3390) / 3391)
  return [
    ("convolution", FastLengths.length(atLeast: 2 * frameCount - 1), 3 * segments + 2),
    ("common grid", Int(12 * rate), 4), ("echoes", Int(4 * rate), 3), ("lookahead", 4096, 2 * lookaheadBlocks),
    ("encoder", 2048, encoderFrames),
  ].map { name, count, pairs in
    let transform = RealFFT<Float>(count: count)
    let samples = SignalBuffer<Float>(count: transform.count)
    let spectrum = SignalBuffer<Float>(count: 2 * transform.binCount)
    return (
      "\(name): \(pairs) of \(count), each way",
      {
        for _ in 0..<pairs {
          transform.forward(samples.pointer, into: spectrum.pointer)
          transform.inverseDestroying(spectrum.pointer, into: samples.pointer)
        }
      }
    )
  }
}
