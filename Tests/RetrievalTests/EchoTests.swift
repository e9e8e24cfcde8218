import Evaluation
import FXParams
import Foundation
import Inference
import NumericCore
import Retrieval
import Testing

/// Delay times read off a pair of recordings.
@Suite struct EchoTests {
  /// A breathy voice with echoes of falling level every so many samples, in turn on the left and on the right, or on both.
  private func chunk(_ delay: Int, level: Float, seed: UInt64, isCentred: Bool = false) -> RetrievalChunk {
    var source = RandomSource(seed: seed, stream: 3)
    let dry = RetrievalMaterial.voice(40000, seed: seed).map { $0 + 0.05 * Float(source.nextNormal()) }
    func wet(_ parity: Int) -> [Float] {
      dry.indices.map { n in
        var sum = dry[n]
        var gain = level
        for echo in 1...4 where n >= echo * delay {
          if isCentred || echo % 2 == parity { sum += gain * dry[n - echo * delay] }
          gain *= isCentred ? 0.1 : 0.5
        }
        return sum
      }
    }
    return RetrievalChunk(dry: dry, wet: StereoSegment(left: wet(1), right: wet(0)), warmUpFrames: 0)
  }

  @Test(arguments: [1000, 1717, 3003]) func spikesAreEchoes(delay: Int) throws {
    let chunks = [chunk(delay, level: 0.1, seed: 1), chunk(delay, level: 0.1, seed: 2)]
    let spikes = EchoFinder.spikes(in: chunks, sampleRate: 44100, range: 500...4000, count: 4)
    #expect(abs(try #require(spikes.first).delaySamples - Double(delay)) <= 1)
    #expect(zip(spikes, spikes.dropFirst()).allSatisfy { $0.prominence >= $1.prominence })
    #expect(spikes.allSatisfy { (500...4011).contains($0.delaySamples) })
    // Looked for where only the second one is.
    let later = EchoFinder.spikes(
      in: chunks, sampleRate: 44100, range: 1.5 * Double(delay)...2.5 * Double(delay), count: 1)
    #expect(abs(try #require(later.first).delaySamples - 2 * Double(delay)) <= 1)
  }

  @Test func nothingIsFoundInNothing() {
    #expect(EchoFinder.spikes(in: [], sampleRate: 44100, range: 100...200, count: 3).isEmpty)
    let silent = RetrievalChunk(
      dry: [Float](repeating: 0, count: 9000),
      wet: StereoSegment(
        left: [Float](repeating: 0, count: 9000), right: [Float](repeating: 0, count: 9000)), warmUpFrames: 0)
    #expect(EchoFinder.spikes(in: [silent], sampleRate: 44100, range: 100...2000, count: 3).isEmpty)
    #expect(EchoFinder.spikes(in: [silent], sampleRate: 44100, range: 200...200.5, count: 3).isEmpty)
  }

  /// Where the range begins at nothing, the direct sound is a spike, and no half of itself.
  @Test(.timeLimit(.minutes(1))) func shortDelaysEnd() throws {
    let chain = ChainDescription(
      series: [], sends: [.pingPongDelay(PingPongDelay(delayMilliseconds: .init(0.1, 50), responseSeconds: 0.5))])
    let loss = try RetrievalLoss<Float>(chain: chain, chunks: [chunk(1000, level: 0.3, seed: 5)])
    let logits = EchoChoice(loss, count: 6).start(from: PublishedStart.logits(for: chain))
    #expect(logits.allSatisfy { $0.isFinite })
  }

  /// The choice begins at the delay of the recordings, tells a second echo from a first, and leaves what is fixed.
  @Test func choiceIsTheDelayOfTheRecordings() throws {
    let chain = ChainDescription(
      series: [], sends: [.pingPongDelay(PingPongDelay(delayMilliseconds: .init(15, 90), responseSeconds: 0.5))])
    let space = chain.parameterSpace
    let time = try #require(space.index(of: "delay.time"))
    // As a delay at the published start sounds, but for its time.
    let chunks = [3, 4].map { chunk(1500, level: 0.1, seed: $0, isCentred: true) }
    let loss = try RetrievalLoss<Float>(chain: chain, chunks: chunks)
    let start = PublishedStart.logits(for: chain)
    func milliseconds(_ logits: [Double]) -> Double { space.values(ofLogits: logits)[time] }
    let choice = EchoChoice(loss, count: 6)
    #expect(abs(milliseconds(choice.start(from: start)) - 1500 / 44.1) < 0.5)
    #expect(abs(milliseconds(choice.improved(start) { loss.terms(at: $0).total() }) - 1500 / 44.1) < 0.5)
    #expect(EchoChoice(loss, count: 0).start(from: start) == start)
    #expect(EchoChoice(loss, count: 6, fixed: [time]).improved(start) { _ in 0 } == start)
  }
}
