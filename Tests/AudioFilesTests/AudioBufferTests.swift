import AudioFiles
import Foundation
import Testing

@Suite struct AudioBufferTests {
  @Test func monoIsTheMean() {
    let audio = AudioBuffer(channels: [[1, -1, 0.5], [0, 1, 0.5], [0.5, 3, 2]], sampleRate: 8000)
    #expect(audio.mono() == AudioBuffer(channels: [[0.5, 1, 1]], sampleRate: 8000))
    #expect(audio.mono().mono() == audio.mono())
  }

  @Test func peakAndSilence() {
    #expect(AudioBuffer(channels: [[0.1, 0.2], [-0.7, 0]], sampleRate: 8000).peak == 0.7)
    #expect(AudioBuffer.silence(seconds: 0.1, channelCount: 2).isSilent)
    #expect(AudioBuffer(channels: [], sampleRate: 8000).isSilent)
    #expect(!AudioBuffer(channels: [[0, -.leastNonzeroMagnitude]], sampleRate: 8000).isSilent)
  }

  @Test func frames() {
    let audio = AudioBuffer(channels: [[0, 1, 2, 3], [4, 5, 6, 7]], sampleRate: 8000)
    #expect(audio[frames: 1..<3].channels == [[1, 2], [5, 6]])
    #expect(audio.durationSeconds == 0.0005)
  }

  // MARK: - Resampling

  struct Conversion: CustomTestStringConvertible, Sendable {
    let from: Double
    let to: Double
    let frequencyHz: Double
    var testDescription: String { "\(frequencyHz) Hz from \(from) to \(to) Hz" }
  }

  /// The resampled sine is the sine sampled at the new rate: frequency, level and phase are kept.
  @Test(arguments: [
    Conversion(from: 48_000, to: 44_100, frequencyHz: 997), Conversion(from: 44_100, to: 48_000, frequencyHz: 997),
    Conversion(from: 96_000, to: 44_100, frequencyHz: 15_000),
    Conversion(from: 22_050, to: 44_100, frequencyHz: 9_000),
    Conversion(from: 44_100, to: 16_000, frequencyHz: 100),
  ])
  func resamplingKeepsSines(conversion: Conversion) throws {
    let source = AudioBuffer.sine(
      frequencyHz: conversion.frequencyHz, amplitude: 0.5, seconds: 1, sampleRate: conversion.from, channelCount: 2)
    let result = try source.resampled(to: conversion.to)
    let ideal = AudioBuffer.sine(
      frequencyHz: conversion.frequencyHz, amplitude: 0.5, seconds: 1, sampleRate: conversion.to)
    #expect(result.frameCount == Int(conversion.to))
    #expect(result.sampleRate == conversion.to)
    #expect(result.channels[0] == result.channels[1])
    // The ends see the sine switched on and off.
    let inner = Int(conversion.to / 10)..<Int(conversion.to * 9 / 10)
    let error = inner.map { abs(result.channels[0][$0] - ideal.channels[0][$0]) }.max() ?? 1
    #expect(error < 2e-6)
  }

  @Test func resamplingRemovesWhatAliases() throws {
    let source = AudioBuffer.sine(frequencyHz: 23_000, amplitude: 0.5, seconds: 1, sampleRate: 48_000)
    let result = try source.resampled(to: 44_100)
    #expect(result[frames: 4410..<39_690].peak < 1e-6)
  }

  @Test func resamplingToTheSameRateIsTheIdentity() throws {
    let audio = AudioBuffer.sine(frequencyHz: 440, seconds: 0.1)
    #expect(try audio.resampled(to: 44_100) == audio)
  }

  @Test(arguments: [1, 2, 10, 1001]) func resamplingShortAudio(count: Int) throws {
    let audio = AudioBuffer(channels: [[Float](repeating: 0.5, count: count)], sampleRate: 48_000)
    let expected = max(1, Int((Double(count) * 44.1 / 48).rounded()))
    #expect(try audio.resampled(to: 44_100).frameCount == expected)
  }
}
