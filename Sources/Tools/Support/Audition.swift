import AudioFiles
import FXChain
import FXParams
import FileOutput
import Foundation
import NumericCore
import PriorKit

/// Renderings of one dry recording through the presets of a collection, a file each.
struct Audition {
  private let folder: String
  private let renderer: ChainRenderer<Float>
  private let sampleRate: Double

  /// Reads the recording, mixes it to mono and brings it to the chain's sample rate.
  init(recording: String, chain: ChainDescription, folder: String, threads: Int) throws {
    let audio = try AudioReader.read(path: recording).mono().resampled(to: chain.sampleRate, source: recording)
    guard audio.frameCount > 0 else {
      throw CommandError("The recording \(recording) has no samples: choose another.")
    }
    renderer = ChainRenderer(chain, segments: [audio.channels[0]], threads: threads)
    sampleRate = chain.sampleRate
    self.folder = folder
  }

  /// Makes the folder and checks that every rendering can be written.
  func prepare(_ labels: [String], overwrite: Bool) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for label in labels { try OutputFile.check(path(of: label), overwrite: overwrite) }
  }

  func render(_ presets: PresetCollection, overwrite: Bool, console: Console) throws {
    let progress = console.progress("render", total: presets.count)
    try Interruption.polling {
      for index in 0..<presets.count {
        if Interruption.isRequested {
          throw InterruptedError("Interrupted: \(index) of \(presets.count) presets are rendered in \(folder).")
        }
        renderer.render(logits: presets.theta.row(index))
        let (left, right) = renderer.output(of: 0)
        let audio = AudioBuffer(channels: [left.array, right.array], sampleRate: sampleRate)
        try OutputFile.write(to: path(of: presets.label(of: index)), overwrite: overwrite) { temporary in
          _ = try AudioWriter.write(audio, path: temporary, format: .waveFloat32)
        }
        progress.advance()
      }
    }
    progress.finish()
    console.message("\(folder): \(presets.count) renderings")
  }

  private func path(of label: String) -> String {
    // A label may hold a slash, which is no part of a file's name.
    folder + "/" + label.replacing("/", with: "-") + ".wav"
  }
}
