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
  /// Integrated loudness of every rendering, in LUFS; nil to leave levels as presets make them.
  public var targetLUFS: Double?

  /// Renderings of the file `recording` in `folder`, on `threads` threads.
  public init(of recording: String, in folder: String, threads: Int = 1) {
    (self.recording, self.folder, self.threads) = (recording, folder, threads)
  }

  private var output: OutputFolder { OutputFolder(path: folder) }

  /// Reads the whole recording once, so that a bad one is found before anything is written, and checks that every
  /// rendering can be written.
  ///
  /// - Parameters:
  ///   - labels: of the presets.
  ///   - others: files beside the renderings.
  ///   - overwrite: whether existing files are replaced.
  /// - Throws: `AudioError`, `OutputError`, ``WorkflowError`` for a folder that cannot be made.
  public func prepare(_ labels: [String], others: [String] = [], overwrite: Bool = false) throws {
    if targetLUFS == nil {
      let reader = try AudioReader(path: recording)
      while try reader.readBlock(frames: 1 << 16) != nil {}
    } else {
      // What is too short or too quiet to have a loudness makes no rendering that has one.
      _ = try AudioReader.read(path: recording).integratedLoudness(source: recording)
    }
    try output.check(labels.map(name) + others, overwrite: overwrite)
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
      let (chain, logits) = presets.present(inRow: index)
      let rendering = DryRendering(
        chain: chain, logits: logits, threads: threads, source: presets.label(of: index))
      let path = output.file(name(of: presets.label(of: index)))
      do {
        try rendering.write(
          recording, to: path, overwrite: overwrite, comment: provenance.text, monitor: monitor.silenced)
        if let targetLUFS { try level(path, to: targetLUFS, comment: provenance.text) }
      } catch is InterruptedError {
        throw InterruptedError("Interrupted: \(index) of \(presets.count) presets are rendered in \(folder).")
      }
      progress.advance()
    }
    progress.finish()
    monitor.message("\(folder): \(presets.count) rendering\(presets.count == 1 ? "" : "s")")
  }

  /// Writes a rendering again at a loudness. Floats hold what lies beyond full scale.
  private func level(_ path: String, to lufs: Double, comment: String) throws {
    let levelled = try AudioReader.read(path: path).normalised(toLUFS: lufs, source: path)
    try OutputFile.write(to: path, overwrite: true) { temporary in
      _ = try AudioWriter.write(levelled, path: temporary, format: .waveFloat32, comment: comment)
    }
  }

  /// The file of a preset's rendering, in the folder.
  public func name(of label: String) -> String {
    // A label may hold a slash, which is no part of a file's name.
    label.replacing("/", with: "-") + ".wav"
  }
}
