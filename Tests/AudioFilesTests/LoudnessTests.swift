import AudioFiles
import Foundation
import HDF5Store
import TestSupport
import Testing

@Suite struct LoudnessTests {
  /// ITU-R BS.1770: a 997 Hz sine of 0 dBFS on one front channel measures -3.01 LKFS; two channels add 3.01 LU.
  /// The bilinear transform moves the shelf a little with the rate: the standard defines it at 48 kHz.
  @Test(arguments: [44_100.0, 48_000, 96_000]) func sineOfTheStandard(sampleRate: Double) throws {
    let tolerance = sampleRate > 48_000 ? 0.02 : 0.01
    let mono = AudioBuffer.sine(frequencyHz: 997, seconds: 5, sampleRate: sampleRate)
    let silent = [Float](repeating: 0, count: mono.frameCount)
    let left = AudioBuffer(channels: [mono.channels[0], silent], sampleRate: sampleRate)
    let both = AudioBuffer(channels: mono.channels + mono.channels, sampleRate: sampleRate)
    #expect(abs(try mono.integratedLoudness() + 3.01) < tolerance)
    #expect(abs(try left.integratedLoudness() + 3.01) < tolerance)
    #expect(abs(try both.integratedLoudness()) < tolerance)
    #expect(abs(try mono.scaled(by: 0.1).integratedLoudness() + 23.01) < tolerance)
  }

  /// Passages under the gates do not count: a pause as long as the sound leaves the loudness as it is.
  @Test func pausesAreGated() throws {
    let sound = AudioBuffer.sine(frequencyHz: 997, seconds: 10)
    let difference = try (sound + .silence(seconds: 10)).integratedLoudness() - sound.integratedLoudness()
    #expect(abs(difference) < 0.1)
  }

  @Test(arguments: [-18.0, -30, 3]) func normalisingReachesTheTarget(target: Double) throws {
    let audio = AudioBuffer.sine(frequencyHz: 440, amplitude: 0.1, seconds: 2, channelCount: 2)
    #expect(abs(try audio.normalised(toLUFS: target).integratedLoudness() - target) < 1e-4)
  }

  @Test func audioWithoutLoudness() {
    #expect(throws: AudioError.silent(source: "quiet.wav")) {
      try AudioBuffer.silence(seconds: 1).normalised(toLUFS: -18, source: "quiet.wav")
    }
    #expect(throws: AudioError.silent(source: "hiss.wav")) {
      try AudioBuffer.sine(frequencyHz: 997, amplitude: 1e-4, seconds: 1).normalised(
        toLUFS: -18, source: "hiss.wav")
    }
    #expect(
      sentence { _ = try AudioBuffer.sine(frequencyHz: 997, seconds: 0.25).integratedLoudness(source: "blip.wav") }
        == "blip.wav lasts 0.25 s but loudness needs at least 0.4 s: use longer audio.")
  }

  /// The dry signal of the reference arrays is the singing from 1 s on, at -18 LUFS as pyloudnorm measures.
  ///
  /// pyloudnorm's K-weighting has rounded corner frequencies (1500 and 38 Hz for 1681.97 and 38.135 Hz of BS.1770-4):
  /// on this recording it reads 0.0458 LU less than the standard's filters, by which its gain is larger.
  @Test(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
  func agreesWithTheReferenceDrySignal() throws {
    let dry = try Reference.open("chain").doubles("dry").values
    let singing = try AudioReader.read(path: Reference.path("audio/vocadito_10.wav")).normalised(toLUFS: -18)
    let excerpt = singing.channels[0][44_100..<44_100 + dry.count].map(Double.init)
    let gain = zip(dry, excerpt).reduce(0) { $0 + $1.0 * $1.1 } / excerpt.reduce(0) { $0 + $1 * $1 }
    #expect(abs(20 * log10(gain) - 0.0458) < 5e-4)
    let error = zip(dry, excerpt).map { abs($0 - gain * $1) }.max() ?? 1
    #expect(error < 1e-6)
  }
}
