import AudioFiles
import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore

/// Renderings of one dry recording through the presets of a collection, a file each.
struct Audition {
  let recording: String
  let folder: String
  let threads: Int
  let console: Console

  private var output: OutputFolder { OutputFolder(path: folder) }

  /// Reads the whole recording once, so that a bad one is found before anything is written, and checks that every
  /// rendering can be written.
  func prepare(_ labels: [String], overwrite: Bool) throws {
    let reader = try AudioReader(path: recording)
    while try reader.readBlock(frames: 1 << 16) != nil {}
    try output.check(labels.map(name), overwrite: overwrite)
  }

  func render(_ presets: PresetCollection, provenance: Provenance, overwrite: Bool) throws {
    let made = try output.make()
    // Only folders that hold nothing go.
    defer { OutputFolder.remove(made) }
    let progress = console.progress("render", total: presets.count)
    for index in 0..<presets.count {
      let rendering = DryRendering(
        chain: presets.chain, logits: presets.theta.row(index), threads: threads, console: Console(isQuiet: true),
        source: presets.label(of: index))
      let path = output.file(name(of: presets.label(of: index)))
      do {
        try rendering.write(recording, to: path, overwrite: overwrite, comment: provenance.text)
      } catch is InterruptedError {
        throw InterruptedError("Interrupted: \(index) of \(presets.count) presets are rendered in \(folder).")
      }
      progress.advance()
    }
    progress.finish()
    console.message("\(folder): \(presets.count) rendering\(presets.count == 1 ? "" : "s")")
  }

  private func name(of label: String) -> String {
    // A label may hold a slash, which is no part of a file's name.
    label.replacing("/", with: "-") + ".wav"
  }
}
