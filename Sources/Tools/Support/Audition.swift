import AudioFiles
import FXParams
import FileOutput
import Foundation
import NumericCore
import PriorKit

/// Renderings of one dry recording through the presets of a collection, a file each.
struct Audition {
  let recording: String
  let folder: String
  let threads: Int
  let console: Console

  /// Checks the recording, makes the folder and checks that every rendering can be written.
  func prepare(_ labels: [String], overwrite: Bool) throws {
    _ = try AudioReader(path: recording)
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandError("The folder \(folder) cannot be made: choose a place that can be written to.")
    }
    for label in labels { try OutputFile.check(path(of: label), overwrite: overwrite) }
  }

  func render(_ presets: PresetCollection, provenance: Provenance, overwrite: Bool) throws {
    let progress = console.progress("render", total: presets.count)
    for index in 0..<presets.count {
      let rendering = DryRendering(
        chain: presets.chain, logits: presets.theta.row(index), threads: threads, console: Console(isQuiet: true))
      do {
        try rendering.write(
          recording, to: path(of: presets.label(of: index)), overwrite: overwrite, comment: provenance.text)
      } catch is InterruptedError {
        throw InterruptedError("Interrupted: \(index) of \(presets.count) presets are rendered in \(folder).")
      }
      progress.advance()
    }
    progress.finish()
    console.message("\(folder): \(presets.count) renderings")
  }

  private func path(of label: String) -> String {
    // A label may hold a slash, which is no part of a file's name.
    folder + "/" + label.replacing("/", with: "-") + ".wav"
  }
}
