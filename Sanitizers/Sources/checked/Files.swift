import AudioFiles
import FileOutput
import Foundation
import HDF5Store

private func withFolder(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "priorkit-checked-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

/// HDF5 of every type, written, sealed and read back, and files that are refused.
func checkFiles() throws {
  try withFolder { folder in
    let path = folder + "/all.h5"
    try HDF5Writer.create(path, overwrite: false) { writer in
      try writer.write((0..<300).map(Double.init), shape: [100, 3], to: "group/x", compressed: true)
      try writer.write([1, -2, 3], shape: [3], to: "integers")
      try writer.write(["", "caf\u{E9}", String(repeating: "long", count: 100)], to: "texts")
      try writer.set("text", attribute: "kind")
      try writer.set([1, 2, 3], attribute: "list")
      let rows = try writer.rows(shape: [4, 2], of: "rows")
      try [Double](repeating: 1, count: 8).withUnsafeBufferPointer { try rows.append($0) }
      try rows.finish()
      let labels = try writer.texts(count: 2, width: 5, of: "labels")
      try labels.append(["ab", "cde"])
      try labels.finish()
    }
    let reader = try HDF5Reader(path: path)
    Checked.require(try reader.doubles("group/x", rows: 7..<9).values == [21, 22, 23, 24, 25, 26], "rows")
    Checked.require(try reader.integers("integers").values == [1, -2, 3], "integers")
    Checked.require(try reader.strings("texts")[1] == "caf\u{E9}", "texts")
    Checked.require(try reader.strings("labels", rows: 1..<2) == ["cde"], "labels")
    Checked.require(try reader.children() == ["group", "integers", "texts", "rows", "labels"], "children")
    Checked.require(
      (try? reader.doubles("absent")) == nil && (try? reader.doubles("texts")) == nil, "what is not there was read")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for length in [0, 7, 100, bytes.count / 2, bytes.count - 1] {
      try bytes.prefix(length).write(to: URL(fileURLWithPath: folder + "/cut.h5"))
      Checked.require((try? HDF5Reader(path: folder + "/cut.h5")) == nil, "\(length) bytes of a file were read")
    }
    bytes[bytes.count / 3] ^= 1
    try bytes.write(to: URL(fileURLWithPath: folder + "/changed.h5"))
    Checked.require((try? HDF5Reader(path: folder + "/changed.h5")) == nil, "a changed file was read")
  }
}

/// Audio of every format, whole, cut and changed; loudness, resampling.
func checkAudio() throws {
  try withFolder { folder in
    let samples = (0..<30_000).map { Float(sin(Double($0) / 20)) / 3 }
    let audio = AudioBuffer(channels: [samples, samples.reversed()], sampleRate: 44_100)
    for format in AudioWriter.Format.allCases {
      let path = folder + "/tone." + format.rawValue
      try AudioWriter.write(audio, path: path, format: format, comment: "text")
      Checked.require(try AudioReader.read(path: path).frameCount == audio.frameCount, format.rawValue)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      for length in [3, 40, bytes.count / 2, bytes.count - 2] {
        try bytes.prefix(length).write(to: URL(fileURLWithPath: path))
        _ = try? AudioReader.read(path: path)
      }
      for position in stride(from: 0, to: 200, by: 3) {
        var changed = bytes
        changed[position] ^= 0xFF
        try changed.write(to: URL(fileURLWithPath: path))
        _ = try? AudioReader.read(path: path)
      }
    }
    Checked.require(try audio.integratedLoudness().isFinite, "loudness")
    Checked.require(try audio.resampled(to: 22_050).frameCount == 15_000, "resampling")
    let resampler = try StreamingResampler(from: 44_100, to: 48_000)
    let count = try resampler.process(samples).count + resampler.finish().count
    Checked.require(abs(count - 32_653) <= 1, "\(count) resampled frames")
  }
}
