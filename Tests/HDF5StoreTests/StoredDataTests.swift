import Foundation
import HDF5Store
import TestSupport
import Testing

/// Files by h5py (Reference/make-incomplete.py) whose data are elsewhere or nowhere. HDF5 itself reads them as
/// zeros.
@Suite struct StoredDataTests {
  private func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Reference/\(name).h5").path
  }

  @Test(arguments: ["whole-chunks", "whole-raw", "whole-virtual", "whole-link"])
  func completeDataAreRead(_ name: String) throws {
    let (shape, values) = try HDF5Reader(path: path(name)).doubles("x")
    #expect(shape == [16, 4])
    #expect(values == (1...64).map(Double.init))
    let rows = try HDF5Reader(path: path(name)).doubles("x", rows: 3..<5).values
    #expect(rows == (13...20).map(Double.init))
  }

  @Test(arguments: [
    ("chunks-never-written", HDF5Error.Code.notStored), ("chunks-partly-written", .notStored),
    ("never-written", .notStored),
    ("raw-short", .notStored), ("raw-absent", .notStored), ("raw-elsewhere", .outsideFolder),
    ("raw-above", .notStored),
    ("virtual-without-source", .notStored), ("virtual-without-dataset", .notStored),
    ("virtual-with-a-gap", .notStored),
    ("virtual-elsewhere", .notStored), ("virtual-beyond-source", .notStored), ("link-to-nothing", .notStored),
    ("link-elsewhere", .outsideFolder), ("rows-beyond-memory", .notStored), ("extents-that-overflow", .tooLarge),
    ("filter", .failed), ("latin-1", .wrongType),
  ])
  func missingDataAreNamed(_ name: String, code: HDF5Error.Code) throws {
    let reader = try HDF5Reader(path: path(name))
    let reads: [() throws -> Void] = [
      { _ = try reader.doubles("x") }, { _ = try reader.doubles("x", rows: 0..<1) },
      { _ = try reader.strings("x") },
      { _ = try reader.rows(of: "x") }, { _ = try reader.integers("x") },
    ]
    // Text is told from numbers before anything else; rows in blocks are decompressed only when they are read.
    for read in name == "latin-1" ? [reads[2]] : name == "filter" ? [reads[0]] : reads {
      let error = #expect(throws: HDF5Error.self, "\(name)") { try read() }
      #expect(error?.code == code, "\(error?.description ?? "none")")
      #expect(error?.description.contains("x in \(path(name))") == true, "\(error?.description ?? "none")")
    }
  }

  /// Not told from an absent object by what the other file holds.
  @Test func linksElsewhereAreNotFollowed() throws {
    let reader = try HDF5Reader(path: path("link-elsewhere"))
    let error = #expect(throws: HDF5Error.self) { try reader.doubles("x/inside") }
    #expect(error?.code == .outsideFolder, "\(error?.description ?? "none")")
  }

  @Test func filterIsNamedAndNotCalledDamage() throws {
    let error = #expect(throws: HDF5Error.self) { try HDF5Reader(path: path("filter")).doubles("x") }
    #expect(error?.description.contains("filter that is not installed") == true, "\(error?.description ?? "")")
  }

  @Test func integersAreThoseThatAreStored() throws {
    for name in ["fraction", "unsigned"] {
      #expect(throws: HDF5Error.self) { try HDF5Reader(path: path(name)).integers("x") }
    }
  }

  // MARK: - Seals

  @Test func everyChangedByteIsNoticed() throws {
    let scratch = try Scratch()
    let good = scratch.file("good.h5")
    try HDF5Writer.create(good, overwrite: false) {
      try $0.write((0..<200).map(Double.init), shape: [50, 4], to: "x", compressed: true)
      try $0.write(["one", "two", "three"], to: "labels")
      try $0.set("text", attribute: "kind")
    }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: good))
    #expect(try HDF5Reader(path: good).doubles("x").values.count == 200)
    let damaged = scratch.file("damaged.h5")
    var noticed = 0
    for position in stride(from: 0, to: bytes.count, by: 7) {
      var copy = bytes
      copy[position] ^= 0x5A
      try copy.write(to: URL(fileURLWithPath: damaged))
      let error = #expect(throws: HDF5Error.self, "byte \(position)") { try HDF5Reader(path: damaged) }
      if error?.code == .damaged || error?.code == .notHDF5 { noticed += 1 }
    }
    #expect(noticed == (bytes.count + 6) / 7)
    for kept in 1..<80 {
      try bytes.dropLast(80 - kept).write(to: URL(fileURLWithPath: damaged))
      #expect(throws: HDF5Error.self, "\(kept) bytes of the seal") { try HDF5Reader(path: damaged) }
    }
    // What a file system leaves after a power cut.
    for range in [bytes.count - 200..<bytes.count, 200..<bytes.count - 100] {
      var copy = bytes
      copy.replaceSubrange(range, with: Data(count: range.count))
      try copy.write(to: URL(fileURLWithPath: damaged))
      #expect(throws: HDF5Error.self) { try HDF5Reader(path: damaged) }
    }
  }

  @Test func writersThatStreamAreSealedToo() throws {
    let scratch = try Scratch()
    let path = scratch.file("rows.h5")
    try HDF5Writer.create(path, overwrite: false) { writer in
      let rows = try writer.rows(shape: [3, 2], of: "theta")
      try [1.0, 2, 3, 4, 5, 6].withUnsafeBufferPointer { try rows.append($0) }
      try rows.finish()
    }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(String(decoding: bytes.suffix(80).prefix(16), as: UTF8.self) == "priorkit seal 1 ")
    #expect(try HDF5Reader(path: path).doubles("theta").values == [1, 2, 3, 4, 5, 6])
  }

  @Test func textWithANulIsRefused() throws {
    let scratch = try Scratch()
    let path = scratch.file("nul.h5")
    let error = #expect(throws: HDF5Error.self) {
      try HDF5Writer.create(path, overwrite: false) { try $0.write(["a\u{0}b"], to: "labels") }
    }
    #expect(error?.description.contains("NUL") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
  }
}
