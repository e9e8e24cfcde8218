import AudioFiles
import Evaluation
import NumericCore
import Workflows

/// Distances between recordings. The property names are the keys of its JSON.
struct RecordingDistances: Encodable {
  struct Entry: Encodable {
    let file: String
    let spectralLeftRight: Double
    let spectralMidSide: Double
    let dynamicRangeLeftRight: Double
    let dynamicRangeMidSide: Double
  }

  let reference: String
  let recordings: [Entry]

  init(reference path: String, candidates: [String], console: Console) throws {
    let target = try Self.stereo(path)
    reference = path
    let spectral = try StereoView.allCases.map {
      try MultiScaleSpectralDistance(view: $0, sampleRate: target.sampleRate)
    }
    let dynamics = StereoView.allCases.map {
      LoudnessDynamicRangeDistance(view: $0, sampleRate: target.sampleRate)
    }
    recordings = try candidates.map { candidate in
      var audio = try Self.stereo(candidate)
      if audio.sampleRate != target.sampleRate {
        let rates = [audio, target].map { NumberText.short($0.sampleRate, digits: 6) }
        console.message("\(candidate): resampled from \(rates[0]) Hz to \(rates[1]) Hz.")
        audio = try audio.resampled(to: target.sampleRate, source: candidate)
      }
      let frames = min(audio.frameCount, target.frameCount)
      if audio.frameCount != target.frameCount {
        console.message("\(candidate) and \(path) differ in length: the first \(frames) samples are compared.")
      }
      let (prediction, wanted) = (Self.matrix(audio, frames: frames), Self.matrix(target, frames: frames))
      do {
        let values = try (spectral as [any SignalMetric] + dynamics).map {
          try $0.value(prediction: prediction, target: wanted)
        }
        guard values.allSatisfy(\.isFinite) else {
          throw CommandError(
            "The distance of \(candidate) from \(path) is beyond any number: look for samples far above full scale."
          )
        }
        return Entry(
          file: candidate, spectralLeftRight: values[0], spectralMidSide: values[1],
          dynamicRangeLeftRight: values[2], dynamicRangeMidSide: values[3])
      } catch let error as MetricError {
        throw CommandError("\(candidate) cannot be compared with \(path): \(error)")
      }
    }
  }

  private static func stereo(_ path: String) throws -> AudioBuffer {
    let audio = try AudioReader.read(path: path)
    guard audio.channelCount == 2 else {
      throw CommandError(
        "\(path) has \(audio.channelCount) channel\(audio.channelCount == 1 ? "" : "s") but the distances are of "
          + "stereo recordings: give two channels.")
    }
    return audio
  }

  private static func matrix(_ audio: AudioBuffer, frames: Int) -> Matrix {
    Matrix(rows: 2, columns: frames, values: audio.channels.flatMap { $0.prefix(frames).map(Double.init) })
  }

  func text(isJSON: Bool) throws -> String {
    guard !isJSON else { return try JSONText.text(self) }
    var table = TextTable([
      ("recording", .left), ("MSS l/r", .right), ("MSS m/s", .right), ("MLDR l/r", .right), ("MLDR m/s", .right),
    ])
    for entry in recordings {
      let values = [
        entry.spectralLeftRight, entry.spectralMidSide, entry.dynamicRangeLeftRight, entry.dynamicRangeMidSide,
      ]
      table.append([entry.file] + values.map { NumberText.short($0) })
    }
    return PrintableText.escaped("Distance from \(reference)") + "\n\n" + table.text
  }
}
