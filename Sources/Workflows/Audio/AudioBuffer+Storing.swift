import AudioFiles
import FileOutput
import Foundation

extension AudioBuffer {
  /// Writes a float WAV file, completely or not at all; its folder is made where it is missing, and an existing
  /// file is replaced unless told otherwise.
  func store(at path: String, comment: String? = nil, overwrite: Bool = true) throws {
    try OutputFolder(path: (path as NSString).deletingLastPathComponent).make()
    try OutputFile.write(to: path, overwrite: overwrite) { temporary in
      let writer = try AudioWriter(
        path: temporary, format: .waveFloat32, sampleRate: sampleRate, channelCount: channelCount, comment: comment,
        name: path)
      try writer.write(self)
      try writer.finish()
    }
  }
}
