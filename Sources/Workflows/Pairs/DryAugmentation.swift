package import AudioFiles
import Foundation
package import NumericCore

/// Gentle random changes of a dry vocal, so that pairs from few voices do not tell presets apart by the voice.
///
/// In this order: resampling, as a tape that runs faster or slower; a tilt of the spectrum about 1 kHz; noise. The
/// level stays. Numbers are drawn afresh for each segment.
public struct DryAugmentation: Sendable, Hashable {
  /// Standard deviation of the transposition by resampling, in semitones.
  public var pitchDeviationSemitones = 0.0
  /// Standard deviation of the tilt: the gain of the highest above that of the lowest frequencies, in dB.
  public var tiltDeviationDB = 0.0
  /// The loudest white noise, in dB below the segment: each segment gets between that and 30 dB less. Nil for none.
  public var noiseDB: Double?

  /// No change.
  public static let none = DryAugmentation()

  /// Largest transposition, in deviations.
  private static let mostDeviations = 3.0
  private static let noiseRangeDB = 30.0
  private static let tiltFrequencyHz = 1000.0

  /// - Parameters:
  ///   - pitchDeviationSemitones: not negative, at most 4.
  ///   - tiltDeviationDB: not negative.
  ///   - noiseDB: not negative, or nil for no noise.
  public init(pitchDeviationSemitones: Double = 0, tiltDeviationDB: Double = 0, noiseDB: Double? = nil) {
    self.pitchDeviationSemitones = pitchDeviationSemitones
    self.tiltDeviationDB = tiltDeviationDB
    self.noiseDB = noiseDB
  }

  /// In words, for errors and checkpoints; empty for no change.
  public var text: String {
    var words: [String] = []
    if pitchDeviationSemitones > 0 { words.append("pitch \(pitchDeviationSemitones)") }
    if tiltDeviationDB > 0 { words.append("tilt \(tiltDeviationDB)") }
    if let noiseDB { words.append("noise \(noiseDB)") }
    return words.joined(separator: " ")
  }

  /// How much faster the tape runs.
  package func speed(using source: inout RandomSource) -> Double {
    guard pitchDeviationSemitones > 0 else { return 1 }
    let deviations = min(max(source.nextNormal(), -Self.mostDeviations), Self.mostDeviations)
    return pow(2, pitchDeviationSemitones * deviations / 12)
  }

  /// A segment of `frameCount` frames from one that is `speed` times as long.
  package func resampled(_ audio: AudioBuffer, speed: Double, frameCount: Int) throws -> AudioBuffer {
    guard speed != 1 else { return audio }
    var fast = audio
    fast.sampleRate = audio.sampleRate * speed
    var result = try fast.resampled(to: audio.sampleRate)
    // The count may be off by one.
    result.channels = result.channels.map { samples in
      Array(samples.prefix(frameCount)) + [Float](repeating: 0, count: max(0, frameCount - samples.count))
    }
    return result
  }

  /// Tilt and noise, at the level that the segment had.
  package func changed(_ samples: [Float], sampleRate: Double, using source: inout RandomSource) -> [Float] {
    guard tiltDeviationDB > 0 || noiseDB != nil else { return samples }
    var result = samples
    let level = Self.rootMeanSquare(samples)
    if tiltDeviationDB > 0 { Self.tilt(&result, by: tiltDeviationDB * source.nextNormal(), sampleRate: sampleRate) }
    if let noiseDB {
      let below = noiseDB + Self.noiseRangeDB * Double.random(in: 0..<1, using: &source)
      let deviation = Self.rootMeanSquare(result) * pow(10, -below / 20)
      for index in result.indices { result[index] += Float(deviation * source.nextNormal()) }
    }
    let found = Self.rootMeanSquare(result)
    guard found > 0 else { return samples }
    let gain = Float(level / found)
    return result.map { gain * $0 }
  }

  /// Low and high frequencies apart by a one-pole filter, and each with half of the tilt.
  private static func tilt(_ samples: inout [Float], by decibels: Double, sampleRate: Double) {
    let coefficient = -expm1(-2 * Double.pi * tiltFrequencyHz / sampleRate)
    let (low, high) = (pow(10, -decibels / 40), pow(10, decibels / 40))
    var state = 0.0
    for index in samples.indices {
      let sample = Double(samples[index])
      state += coefficient * (sample - state)
      samples[index] = Float(low * state + high * (sample - state))
    }
  }

  private static func rootMeanSquare(_ samples: [Float]) -> Double {
    (samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(samples.count, 1))).squareRoot()
  }
}
