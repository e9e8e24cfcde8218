import NumericCore
import Retrieval
import Testing

@Suite struct StemAlignmentTests {
  private let voice = RetrievalMaterial.voice(60000, seed: 5)

  /// Filtered, at another level, with an offset either way, longer or shorter, with either polarity.
  @Test(
    arguments: [
      (lag: 0, sign: Float(1), extra: 0), (22050, 1, 5000), (-22050, 1, 0), (-700, -1, 30000), (1234, -1, 0),
    ])
  func findsTheLag(lag: Int, sign: Float, extra: Int) {
    var wet = (0..<max(1000, 60000 + lag + extra)).map { n -> Float in
      let place = n - lag
      func at(_ index: Int) -> Float { voice.indices.contains(index) ? voice[index] : 0 }
      return sign * (0.4 * at(place) + 0.15 * at(place - 1) + 0.1 * at(place - 900))
    }
    var source = RandomSource(seed: 1, stream: 0)
    for index in wet.indices { wet[index] += 0.002 * Float(source.nextNormal()) }
    let found = StemAlignment(dry: voice, wet: wet, sampleRate: 44100)
    #expect(abs(found.lag - lag) <= 1)
    #expect(found.isReversed == (sign < 0))
    #expect(abs(found.correlation) > 0.5 && abs(found.correlation) <= 1)
    #expect(found.rival < abs(found.correlation))
    let overlap = found.overlap(dryCount: voice.count, wetCount: wet.count)
    #expect(overlap.dry.count == overlap.wet.count && !overlap.dry.isEmpty)
    #expect(overlap.wet.lowerBound - overlap.dry.lowerBound == found.lag)
    #expect(overlap.dry.upperBound <= voice.count && overlap.wet.upperBound <= wet.count)
  }

  @Test func equalSignalsHaveACorrelationOfOne() {
    let found = StemAlignment(dry: voice, wet: voice, sampleRate: 44100)
    #expect(found.lag == 0)
    #expect(abs(found.correlation - 1) < 1e-5)
  }

  @Test func noiseHasNothingToDoWithAVoice() {
    var source = RandomSource(seed: 2, stream: 0)
    let noise = (0..<80000).map { _ in Float(source.nextNormal()) }
    let found = StemAlignment(dry: voice, wet: noise, sampleRate: 44100)
    #expect(abs(found.correlation) < 0.1)
    #expect(found.rival > 0.5 * abs(found.correlation))
  }

  @Test func silenceHasNoCorrelation() {
    let found = StemAlignment(dry: voice, wet: [Float](repeating: 0, count: 100), sampleRate: 44100)
    #expect(found.correlation == 0 && found.rival == 0)
  }
}
