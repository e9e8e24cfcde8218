import AudioFiles
import Foundation

/// The same stretch of all recordings of a page.
struct ListeningExcerpt {
  /// Where it lies in each of them.
  let frames: Range<Int>
  /// That of the reference, and so of all.
  let sampleRate: Double

  /// The fades at both ends.
  private static let fadeSeconds = 0.01
  /// The blocks by whose peaks activity is judged, and with which the stretch begins.
  private static let blockSeconds = 0.05

  /// Finds the most active stretch of a page's reference that lies inside all its recordings.
  ///
  /// - Throws: `AudioError` for recordings that cannot be read, ``WorkflowError`` for those that are mono, shorter,
  ///   at different rates or silent.
  init(of page: ListeningTestPlan.Page, seconds: Double) throws {
    let reference = try AudioReader(path: page.reference.source)
    guard reference.channelCount == 2 else {
      throw AudioError.notStereo(path: reference.path, channelCount: reference.channelCount)
    }
    let rate = reference.sampleRate
    let length = Int((seconds * rate).rounded())
    var common = reference.frameCount
    try Self.requireLength(reference, length: length, seconds: seconds)
    for stimulus in page.stimuli {
      let reader = try AudioReader(path: stimulus.source)
      guard reader.sampleRate == rate else {
        throw WorkflowError(
          .unsuitableRecording,
          "\(reader.path) is at \(NumberText.short(reader.sampleRate, digits: 6)) Hz but \(reference.path) at "
            + "\(NumberText.short(rate, digits: 6)) Hz: evaluate once more.")
      }
      guard reader.channelCount == 2 || stimulus.name == ListeningTestPlan.dry else {
        throw WorkflowError(
          .unsuitableRecording,
          "\(reader.path) has \(reader.channelCount) channel\(reader.channelCount == 1 ? "" : "s") but a rendering "
            + "is stereo: evaluate once more.")
      }
      try Self.requireLength(reader, length: length, seconds: seconds)
      common = min(common, reader.frameCount)
    }
    guard let start = Self.mostActiveStart(in: try reference.readAll()[frames: 0..<common], length: length) else {
      throw WorkflowError(
        .unsuitableRecording, "\(reference.path) is silent wherever it is cut: leave the track out.")
    }
    sampleRate = rate
    frames = start..<start + length
  }

  private static func requireLength(_ reader: AudioReader, length: Int, seconds: Double) throws {
    guard reader.frameCount < length else { return }
    throw WorkflowError(
      .unsuitableRecording,
      "\(reader.path) lasts \(NumberText.short(Double(reader.frameCount) / reader.sampleRate)) s but sounds of "
        + "\(NumberText.short(seconds)) s are asked for: ask for shorter ones, or leave the track out.")
  }

  /// Where the stretch begins that is most active: whose blocks have the highest mean level, by their largest
  /// magnitude in dB, so that pauses count against it; the earliest of equals. Nil where no block is above the
  /// threshold of activity, which is the least level that counts.
  static func mostActiveStart(in audio: AudioBuffer, length: Int) -> Int? {
    let block = max(1, Int(blockSeconds * audio.sampleRate))
    let threshold = Segmenter().activityThreshold
    let levelsDB = stride(from: 0, to: audio.frameCount, by: block).map { start in
      let peak = audio[frames: start..<min(start + block, audio.frameCount)].peak
      return 20 * log10(Double(max(peak, threshold)))
    }
    let width = max(1, length / block)
    var best = (start: 0, sum: -Double.infinity)
    for first in 0...(audio.frameCount - length) / block {
      let sum = levelsDB[first..<min(first + width, levelsDB.count)].reduce(0, +)
      if sum > best.sum { best = (first * block, sum) }
    }
    return levelsDB.contains { $0 > 20 * log10(Double(threshold)) } ? best.start : nil
  }

  /// A sound of the page: stereo, cut and faded at both ends.
  ///
  /// - Throws: `AudioError` for a recording that cannot be read.
  func sound(_ stimulus: ListeningTestPlan.Stimulus) throws -> AudioBuffer {
    let reader = try AudioReader(path: stimulus.source)
    var audio = AudioBuffer(channels: Array(repeating: [], count: reader.channelCount), sampleRate: sampleRate)
    while reader.position < frames.upperBound {
      let start = reader.position
      guard let block = try reader.readBlock(frames: min(1 << 16, frames.upperBound - start)) else { break }
      let first = min(max(0, frames.lowerBound - start), block.frameCount)
      for channel in audio.channels.indices { audio.channels[channel] += block.channels[channel][first...] }
    }
    if audio.channelCount != 2 { audio.channels = Array(repeating: audio.mono().channels[0], count: 2) }
    return Self.faded(audio)
  }

  private static func faded(_ audio: AudioBuffer) -> AudioBuffer {
    let count = min(Int(fadeSeconds * audio.sampleRate), audio.frameCount / 2)
    let gains = (0..<count).map { Float(0.5 - 0.5 * cos(Double.pi * (Double($0) + 0.5) / Double(count))) }
    var audio = audio
    for channel in audio.channels.indices {
      for (index, gain) in gains.enumerated() {
        audio.channels[channel][index] *= gain
        audio.channels[channel][audio.frameCount - 1 - index] *= gain
      }
    }
    return audio
  }

  /// What errors call a sound.
  func label(_ stimulus: ListeningTestPlan.Stimulus) -> String {
    func seconds(_ frame: Int) -> String { NumberText.short(Double(frame) / sampleRate) }
    return "\(stimulus.source) between \(seconds(frames.lowerBound)) and \(seconds(frames.upperBound)) s"
  }
}
