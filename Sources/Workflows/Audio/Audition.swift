import AudioFiles
import FXParams
import FileOutput
import Foundation
import NumericCore
public import PresetStore

/// Renderings of one dry recording through the presets of a collection, a file each.
public struct Audition: Sendable {
  private let recording: String
  private let folder: String
  private let threads: Int

  /// Renderings of the file `recording` in `folder`, on `threads` threads.
  public init(of recording: String, in folder: String, threads: Int = 1) {
    (self.recording, self.folder, self.threads) = (recording, folder, threads)
  }

  private var output: OutputFolder { OutputFolder(path: folder) }

  /// Reads the whole recording once, so that a bad one is found before anything is written, and checks that every
  /// rendering can be written.
  ///
  /// - Throws: `AudioError`, `OutputError`, ``WorkflowError`` for a folder that cannot be made.
  public func prepare(_ labels: [String], overwrite: Bool = false) throws {
    let reader = try AudioReader(path: recording)
    while try reader.readBlock(frames: 1 << 16) != nil {}
    try output.check(labels.map(name), overwrite: overwrite)
  }

  /// Renders every preset to a file of its name.
  ///
  /// - Throws: as ``DryRendering/write(_:gain:to:overwrite:comment:monitor:)``.
  public func render(
    _ presets: PresetCollection, provenance: Provenance, overwrite: Bool = false,
    monitor: some WorkMonitor = QuietMonitor()
  ) throws {
    let made = try output.make()
    // Only folders that hold nothing go.
    defer { OutputFolder.remove(made) }
    let progress = monitor.progress("render", total: presets.count)
    for index in 0..<presets.count {
      let rendering = DryRendering(
        chain: presets.chain, logits: presets.theta.row(index), threads: threads, source: presets.label(of: index))
      let path = output.file(name(of: presets.label(of: index)))
      do {
        try rendering.write(
          recording, to: path, overwrite: overwrite, comment: provenance.text, monitor: monitor.silenced)
      } catch is InterruptedError {
        throw InterruptedError("Interrupted: \(index) of \(presets.count) presets are rendered in \(folder).")
      }
      progress.advance()
    }
    progress.finish()
    monitor.message("\(folder): \(presets.count) rendering\(presets.count == 1 ? "" : "s")")
  }

  private func name(of label: String) -> String {
    // A label may hold a slash, which is no part of a file's name.
    label.replacing("/", with: "-") + ".wav"
  }
}
