import AudioFiles
import FileOutput
import Foundation
import NumericCore

/// A recording as a page plays it: a FLAC copy at the loudness of the others beside it.
package struct ListeningCopy: Sendable {
  /// What it is: `dry`, `wet`, `reference`.
  package let role: String
  /// The file beside the page.
  package let name: String
  /// Integrated loudness before the copy was made; nil where there is too little sound to tell.
  package let loudnessLUFS: Double?
  /// What the copy was raised by.
  package let gainDB: Double
  /// Middles of third-octave bands.
  package let centresHz: [Double]
  /// Level of each band in the copy, all channels together, in dB of full scale.
  package let levelsDB: [Double]

  /// What a set of copies is made of.
  package struct Source: Sendable {
    package let role: String
    package let path: String

    package init(role: String, path: String) { (self.role, self.path) = (role, path) }

    package var name: String { "listen-\(role).flac" }
  }

  /// No copy is louder, nor nearer to full scale.
  private static let (loudestLUFS, highestPeak) = (-16.0, 0.89)

  /// Writes copies that are equally loud, as loud as none of them clips.
  ///
  /// - Parameters:
  ///   - sources: recordings, each with the part it plays.
  ///   - folder: where the copies go.
  ///   - comment: kept in their metadata.
  /// - Throws: `AudioError` for a recording that cannot be read, `OutputError`.
  package static func write(
    _ sources: [Source], to folder: OutputFolder, overwrite: Bool, comment: String
  ) throws -> [ListeningCopy] {
    let recordings = try sources.map { try AudioReader.read(path: $0.path) }
    let loudness = recordings.map { try? $0.integratedLoudness() }
    // What each could be raised to before it clips: the least of these suits all.
    let highest = zip(recordings, loudness).compactMap { recording, loudness in
      loudness.map { $0 + 20 * log10(highestPeak / Double(max(recording.peak, 1e-9))) }
    }
    let target = min(highest.min() ?? loudestLUFS, loudestLUFS)
    return try zip(sources, recordings).enumerated().map { index, pair in
      let (source, recording) = pair
      let gainDB = loudness[index].map { target - $0 } ?? 0
      let copy = recording.scaled(by: Float(pow(10, gainDB / 20)))
      try OutputFile.write(to: folder.file(source.name), overwrite: overwrite) { temporary in
        _ = try AudioWriter.write(copy, path: temporary, format: .flac24, comment: comment)
      }
      let spectrum = levels(of: copy)
      return ListeningCopy(
        role: source.role, name: source.name, loudnessLUFS: loudness[index], gainDB: gainDB,
        centresHz: spectrum.centresHz, levelsDB: spectrum.levelsDB)
    }
  }

  /// Mean power of blocks in third-octave bands.
  private static func levels(of audio: AudioBuffer) -> (centresHz: [Double], levelsDB: [Double]) {
    let block = 1 << 16
    let bands = ThirdOctaveBands(frameCount: block, sampleRate: audio.sampleRate)
    var sums = [Double](repeating: 0, count: bands.centresHz.count)
    for channel in audio.channels {
      for start in stride(from: 0, to: channel.count, by: block) {
        let powers = bands.powers(channel[start..<min(start + block, channel.count)].map(Double.init))
        for index in sums.indices { sums[index] += powers[index] }
      }
    }
    // Parseval: the one-sided sum of a block over its length is half of its energy.
    let scale = 2 / (Double(block) * Double(max(audio.frameCount, 1) * audio.channels.count))
    return (bands.centresHz, sums.map { 10 * log10(max($0 * scale, 1e-12)) })
  }
}
