import AudioFiles
import Foundation
import Testing

@Suite struct AudioPreparationTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func store(_ audio: AudioBuffer, as name: String = "take.wav") throws -> String {
    try AudioWriter.write(audio, path: folder.path(name), format: .waveFloat32)
    return folder.path(name)
  }

  @Test func everyChangeIsTold() throws {
    let tone = AudioBuffer.sine(frequencyHz: 440, amplitude: 0.1, seconds: 1, sampleRate: 48_000, channelCount: 2)
    let pause = AudioBuffer.silence(seconds: 1, sampleRate: 48_000, channelCount: 2)
    let path = try store(tone + pause + tone + tone[frames: 0..<24_000])
    let prepared = try AudioPreparation(role: .dry, segmenter: Segmenter(segmentSeconds: 1)).prepare(path: path)
    #expect(prepared.audio.channelCount == 1)
    #expect(prepared.audio.sampleRate == 44_100)
    #expect(abs(try prepared.audio.integratedLoudness() + 18) < 1e-3)
    #expect(prepared.segments.map(\.startFrame) == [0, 88_200])
    let decibels = (20 * log10(prepared.gain) * 100).rounded() / 100
    #expect(
      prepared.messages == [
        "\(path): 2 channels averaged to mono.",
        "\(path): resampled from 48000.0 Hz to 44100.0 Hz.",
        "\(path): gain \(decibels) dB to reach -18.0 LUFS.",
        "\(path): 1 of 3 segments are silent and left out.",
        "\(path): the last 0.5 s, shorter than a segment, are left out.",
      ])
  }

  @Test func nothingToTell() throws {
    let audio = AudioBuffer.sine(frequencyHz: 440, amplitude: 0.1, seconds: 0.2)
    let prepared = try AudioPreparation(role: .dry, targetLUFS: nil).prepare(path: store(audio))
    #expect(prepared.messages.isEmpty)
    #expect(prepared.gain == 1)
    #expect(prepared.audio == audio)
    #expect(prepared.segments.map(\.audio) == [audio])
  }

  @Test func referenceKeepsItsChannels() throws {
    let audio = AudioBuffer.sine(frequencyHz: 440, amplitude: 0.1, seconds: 1, channelCount: 2)
    let prepared = try AudioPreparation(role: .reference).prepare(path: store(audio))
    #expect(prepared.audio.channelCount == 2)
  }

  @Test func referenceMustBeStereo() throws {
    let path = try store(.sine(frequencyHz: 440, seconds: 1))
    #expect(throws: AudioError.notStereo(path: path, channelCount: 1)) {
      try AudioPreparation(role: .reference).prepare(path: path)
    }
    #expect(
      sentence { _ = try AudioPreparation(role: .reference).prepare(path: path) }
        == "\(path) has 1 channel but a reference must be stereo: use a two-channel mix.")
  }

  @Test func silentFiles() throws {
    let path = try store(.silence(seconds: 3))
    #expect(throws: AudioError.silent(source: path)) { try AudioPreparation(role: .dry).prepare(path: path) }
    let preparation = AudioPreparation(role: .dry, targetLUFS: nil, segmenter: Segmenter(segmentSeconds: 1))
    #expect(throws: AudioError.tooFewActiveSegments(source: path, found: 0, total: 3, needed: 1)) {
      try preparation.prepare(path: path)
    }
  }
}
