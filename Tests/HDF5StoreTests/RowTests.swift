import Foundation
import HDF5Store
import TestSupport
import Testing

@Suite struct RowTests {
  private let numbers = (0..<3000).map { sin(Double($0)) }

  private func read(_ rows: Range<Int>, _ reader: HDF5RowReader) throws -> [Double] {
    var values = [Double](repeating: .nan, count: rows.count * reader.rowLength)
    try values.withUnsafeMutableBufferPointer { try reader.read(rows, into: $0) }
    return values
  }

  /// In one piece and in chunks, by blocks that end within a chunk.
  @Test(arguments: [false, true]) func rowsAreReadInBlocks(compressed: Bool) throws {
    let scratch = try Scratch()
    let path = scratch.file("rows.h5")
    let writer = try HDF5Writer(path: path)
    try writer.write(numbers, shape: [1000, 3], to: "/deep/rows", compressed: compressed)
    try writer.close()
    let reader = try HDF5Reader(path: path).rows(of: "deep/rows")
    #expect(reader.shape == [1000, 3])
    #expect(reader.rowsInChunk == (compressed ? 1000 : 1))
    for size in [1, 7, 400, 1000] {
      let blocks = stride(from: 0, to: 1000, by: size).map { $0..<min($0 + size, 1000) }
      #expect(try blocks.flatMap { try read($0, reader) } == numbers)
    }
    #expect(try read(5..<5, reader).isEmpty)
  }

  @Test func rowsAreWrittenInBlocks() throws {
    let scratch = try Scratch()
    let path = scratch.file("rows.h5")
    let writer = try HDF5Writer(path: path)
    let rows = try writer.rows(shape: [1000, 3], of: "/theta")
    let texts = try writer.texts(count: 3, width: 6, of: "/labels")
    for part in [0..<3, 3..<3, 3..<2100, 2100..<3000] {
      try numbers.withUnsafeBufferPointer { try rows.append(UnsafeBufferPointer(rebasing: $0[part])) }
    }
    try texts.append(["first"])
    try texts.append(["", "hénri"])
    try rows.finish()
    try texts.finish()
    try writer.close()
    let reader = try HDF5Reader(path: path)
    let theta = try reader.doubles("/theta")
    #expect(theta.shape == [1000, 3])
    #expect(theta.values == numbers)
    #expect(try reader.strings("/labels") == ["first", "", "hénri"])
    #expect(try reader.strings("/labels", rows: 1..<3) == ["", "hénri"])
  }

  @Test func partsOfTextsAreRead() throws {
    let scratch = try Scratch()
    let path = scratch.file("texts.h5")
    let writer = try HDF5Writer(path: path)
    try writer.write(["a", "bb", "ccc", "é"], to: "/labels")
    try writer.close()
    let reader = try HDF5Reader(path: path)
    #expect(try reader.strings("/labels", rows: 1..<4) == ["bb", "ccc", "é"])
    #expect(try reader.strings("/labels", rows: 2..<2).isEmpty)
    let error = #expect(throws: HDF5Error.self) { try reader.strings("/labels", rows: 2..<5) }
    #expect(error?.code == .wrongShape)
  }

  @Test func textsAndScalarsHaveNoRows() throws {
    let scratch = try Scratch()
    let path = scratch.file("others.h5")
    let writer = try HDF5Writer(path: path)
    try writer.write(["a"], to: "/labels")
    try writer.write([1], shape: [], to: "/scalar")
    try writer.close()
    let reader = try HDF5Reader(path: path)
    #expect(throws: HDF5Error.self) { try reader.rows(of: "/labels") }
    #expect(throws: HDF5Error.self) { try reader.rows(of: "/scalar") }
    #expect(throws: HDF5Error.self) { try reader.rows(of: "/absent") }
  }
}
