import AudioFiles
import Foundation
import Testing

@Suite struct SegmenterTests {
  /// One second of a tone where the mask says so, silence elsewhere.
  private func recording(_ mask: [Bool], level: Double = 0.1, channelCount: Int = 1) -> AudioBuffer {
    mask.map { isOn -> AudioBuffer in
      .sine(
        frequencyHz: 440, amplitude: isOn ? level : 0, seconds: 1, sampleRate: 8000, channelCount: channelCount)
    }.reduce(.silence(seconds: 0, sampleRate: 8000, channelCount: channelCount), +)
  }

  @Test func rangesDropTheRemainder() {
    let segmenter = Segmenter(segmentSeconds: 11)
    #expect(segmenter.ranges(frameCount: 44_100 * 25, sampleRate: 44_100) == [0..<485_100, 485_100..<970_200])
    #expect(segmenter.ranges(frameCount: 485_100, sampleRate: 44_100) == [0..<485_100])
    #expect(segmenter.ranges(frameCount: 485_099, sampleRate: 44_100) == [0..<485_099])
    #expect(segmenter.ranges(frameCount: 0, sampleRate: 44_100) == [])
  }

  @Test func silentSegmentsAreDropped() {
    let audio = recording([true, false, true, true, false])
    let active = Segmenter(segmentSeconds: 1).activeSegments(of: audio)
    #expect(active.map(\.startFrame) == [0, 16_000, 24_000])
    #expect(active.map(\.audio) == [0, 2, 3].map { audio[frames: $0 * 8000..<($0 + 1) * 8000] })
    #expect(active.evenNumbered.map(\.startFrame) == [0, 24_000])
    #expect(active.oddNumbered.map(\.startFrame) == [16_000])
  }

  @Test func thresholdIsOnTheMeanOfTheChannels() {
    let segmenter = Segmenter()
    let tone = recording([true], level: 0.00101)
    #expect(segmenter.isActive(tone))
    #expect(!segmenter.isActive(recording([true], level: 0.00099)))
    let opposed = AudioBuffer(channels: tone.channels + tone.scaled(by: -1).channels, sampleRate: 8000)
    #expect(!segmenter.isActive(opposed))
    #expect(!segmenter.isActive(AudioBuffer(channels: [[]], sampleRate: 8000)))
  }

  /// The running maximum by its definition, the median by sorting.
  private func plainLevel(_ samples: [Float], window: Int) -> Float {
    let maxima = (0...samples.count - window).map { samples[$0..<$0 + window].map(abs).max() ?? 0 }.sorted()
    return maxima.count.isMultiple(of: 2)
      ? (maxima[maxima.count / 2 - 1] + maxima[maxima.count / 2]) / 2 : maxima[maxima.count / 2]
  }

  @Test(arguments: [1, 2, 3, 17, 100, 499, 500]) func levelMatchesItsDefinition(window: Int) {
    for count in [500, 501, 640] {
      let noise = (0..<count).map { Float(sin(12.9898 * Double($0 * $0))) }
      let rising = (0..<count).map { Float($0) }
      let steps = (0..<count).map { Float($0 / 50 % 3) }
      let segmenter = Segmenter(activityWindowSeconds: (Double(window) + 0.5) / 1000)
      for samples in [noise, rising, Array(rising.reversed()), steps] {
        let level = segmenter.activityLevel(of: AudioBuffer(channels: [samples], sampleRate: 1000))
        #expect(abs(level - plainLevel(samples, window: window)) <= level.ulp)
      }
    }
  }

  @Test func windowLongerThanTheAudio() {
    let audio = AudioBuffer(channels: [[0.1, -0.5, 0.2]], sampleRate: 1000)
    #expect(Segmenter().activityLevel(of: audio) == 0.5)
  }

  @Test func protocolTakesTheMaskFromTheWetSide() throws {
    let wet = recording([true, false, true, true, true, true], channelCount: 2)
    let dry = recording([false, true, true, false, true])
    let segmenter = Segmenter(segmentSeconds: 1)
    let (reference, input) = try segmenter.protocolSegments(dry: dry, wet: wet, source: "wet.wav")
    #expect(reference.map(\.startFrame) == [0, 24_000])
    #expect(input.map(\.startFrame) == [16_000, 32_000])
    #expect(reference.allSatisfy { $0.audio.channelCount == 2 })
    #expect(input.allSatisfy { $0.audio.channelCount == 1 })
  }

  @Test func protocolNeedsTwoActiveSegments() {
    let wet = recording([true, false, false])
    #expect(throws: AudioError.tooFewActiveSegments(source: "wet.wav", found: 1, total: 3, needed: 2)) {
      try Segmenter(segmentSeconds: 1).protocolSegments(dry: wet, wet: wet, source: "wet.wav")
    }
  }
}
