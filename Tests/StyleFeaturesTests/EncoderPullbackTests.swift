import StyleFeatures
import TestSupport
import Testing

/// Signals of five and a half frames that an encoder may meet, the unpleasant ones included.
enum Occasion: String, CaseIterable {
  case noise, voiceLike, silentParts, silentSide, silentMid, nearlyMono, loud, quiet, belowFloors, oneFrame

  var signal: StereoSignal {
    let count = 6644
    let (mid, side) = (
      StyleFeaturesTests.noise(count, seed: 3), StyleFeaturesTests.noise(count, amplitude: 0.1, seed: 4)
    )
    switch self {
    case .noise: return StereoSignal(mid: mid, side: side)
    case .voiceLike:
      var voice: [Double] = mid.map { 1e-3 * $0 }
      for number in 1...8 {
        let partial = sine(count, frequency: 0.005 * Double(number), amplitude: 0.4 / Double(number))
        voice = zip(voice, partial).map { $0 + $1 }
      }
      let swelling: [Double] = voice.enumerated().map { $1 * (1 + Double($0) / 2000) }
      return StereoSignal(mid: swelling, side: side.map { 0.1 * $0 })
    case .silentParts:
      let window = { (samples: [Double]) in samples.enumerated().map { $0 > 3100 && $0 < 5000 ? $1 : 0 } }
      return StereoSignal(mid: window(mid), side: window(side))
    case .silentSide: return StereoSignal(mid: mid, side: side.map { _ in 0 })
    case .silentMid: return StereoSignal(mid: mid.map { _ in 0 }, side: side)
    case .nearlyMono: return StereoSignal(mid: mid, side: side.map { 1e-5 * $0 })
    case .loud: return Occasion.noise.signal.scaled(by: 1e4)
    case .quiet: return Occasion.noise.signal.scaled(by: 1e-4)
    case .belowFloors: return Occasion.noise.signal.scaled(by: 1e-7)
    case .oneFrame: return StereoSignal(mid: Array(mid.prefix(2048)), side: Array(side.prefix(2048)))
    }
  }
}

extension Occasion {
  /// Small steps: peaks must not change places, nor faint bands beside loud ones double. But the rounding of left
  /// and right must stay small beside the steps of a faint side.
  fileprivate var step: Double {
    switch self {
    case .voiceLike: 1e-7
    case .nearlyMono: 1e-5
    default: 1e-6
    }
  }
}

@Suite struct EncoderPullbackTests {
  @Test(arguments: StyleEncoderKind.allCases, Occasion.allCases)
  func pullbackMeetsCentralDifferences(kind: StyleEncoderKind, occasion: Occasion) throws {
    let signal = occasion.signal
    let count = signal.left.count
    let encoder: any StyleEncoder<Double> = try kind.makeEncoder(frameCount: count, sampleRate: 44100)
    let cotangent = StyleEmbedding.random(count: kind.featureCount, seed: 8)
    #expect(encoder.encode(signal).isFinite)
    let gradient = encoder.pullback(cotangent)
    guard !(kind == .mfcc && occasion == .belowFloors) else {
      #expect((gradient.left + gradient.right).allSatisfy { $0 == 0 }, "every band lies below its floor")
      return
    }
    // Mid and side are the coordinates: the kinks of the encoders lie at their zeros.
    let point = signal.mid + signal.side
    checkPullback(
      of: { moved in
        encoder.encode(StereoSignal(mid: Array(moved.prefix(count)), side: Array(moved.suffix(count)))).dot(
          cotangent)
      },
      gradient: gradient.mid + gradient.side, at: point, scale: point.map(\.magnitude), step: occasion.step,
      tolerance: 1e-6,
      "\(kind), \(occasion)")
  }

  @Test(arguments: StyleEncoderKind.allCases)
  func pullbackMayBeRepeated(kind: StyleEncoderKind) throws {
    let signal = Occasion.noise.signal
    let encoder: any StyleEncoder<Double> = try kind.makeEncoder(frameCount: signal.left.count, sampleRate: 44100)
    let cotangent = StyleEmbedding.random(count: kind.featureCount, seed: 8)
    _ = encoder.encode(signal)
    let first = encoder.pullback(cotangent)
    _ = encoder.pullback(StyleEmbedding.random(count: kind.featureCount, seed: 80))
    let second = encoder.pullback(cotangent)
    #expect(first.left == second.left && first.right == second.right)
  }

  @Test(arguments: StyleEncoderKind.published)
  func samplesBeyondTheLastFrameDoNotCount(kind: StyleEncoderKind) throws {
    let signal = Occasion.noise.signal
    let covered = (signal.left.count - 2048) / 1024 * 1024 + 2048
    let encoder: any StyleEncoder<Double> = try kind.makeEncoder(frameCount: signal.left.count, sampleRate: 44100)
    _ = encoder.encode(signal)
    let gradient = encoder.pullback(StyleEmbedding.random(count: kind.featureCount, seed: 8))
    #expect(gradient.left[covered...].allSatisfy { $0 == 0 } && gradient.right[covered...].allSatisfy { $0 == 0 })
    #expect(gradient.left[covered - 2] != 0 && gradient.right[covered - 2] != 0)
  }

  /// The whole range of levels in both precisions; Float sees signals too faint for their squares.
  @Test(arguments: StyleEncoderKind.allCases, [0, 1e-30, 1e-20, 1e-12, 1e-9, 1e-6, 1, 1e6])
  func gradientsAreFinite(kind: StyleEncoderKind, gain: Double) throws {
    for occasion in Occasion.allCases {
      let signal = occasion.signal.scaled(by: gain)
      let count = signal.left.count
      let single: any StyleEncoder<Float> = try kind.makeEncoder(frameCount: count, sampleRate: 44100)
      let double: any StyleEncoder<Double> = try kind.makeEncoder(frameCount: count, sampleRate: 44100)
      let cotangent = StyleEmbedding.random(count: kind.featureCount, seed: 8)
      #expect(single.encode(signal).isFinite && double.encode(signal).isFinite)
      for gradient in [single.pullback(cotangent), double.pullback(cotangent)] {
        let all = gradient.left + gradient.right
        #expect(all.allSatisfy { $0.isFinite }, "\(occasion)")
        if gain == 0 { #expect(all.allSatisfy { $0 == 0 }, "\(occasion)") }
      }
    }
  }

  /// Buffers that encoders take in turns, whatever the others left in them, change no bit.
  @Test func sharedScratchChangesNothing() throws {
    let signals = [Occasion.noise.signal, Occasion.oneFrame.signal]
    let scratch = StyleScratch<Double>(frameCount: signals.map { $0.left.count }.max() ?? 0, threads: 1)
    let cotangent = StyleEmbedding.random(count: StyleEncoderKind.mfcc.featureCount, seed: 8)
    func encoder(_ count: Int, _ scratch: StyleScratch<Double>?) throws -> any StyleEncoder<Double> {
      try StyleEncoderKind.mfcc.makeEncoder(frameCount: count, sampleRate: 44100, scratch: scratch)
    }
    let own = try signals.map { try encoder($0.left.count, nil) }
    let shared = try signals.map { try encoder($0.left.count, scratch) }
    for index in signals.indices {
      #expect(shared[index].encode(signals[index]) == own[index].encode(signals[index]))
    }
    // The pullbacks come after all encodings, as in a step.
    for index in signals.indices {
      let (expected, found) = (own[index].pullback(cotangent), shared[index].pullback(cotangent))
      #expect(found.left == expected.left && found.right == expected.right)
    }
  }
}
