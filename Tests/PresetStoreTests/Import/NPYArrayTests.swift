import Foundation
import PresetStore
import TestSupport
import Testing

/// A `.npy` file made by hand.
private func npy(_ dictionary: String, version: UInt8 = 1, values: [UInt8] = []) -> Data {
  let header = Array((dictionary + "\n").utf8)
  let length = withUnsafeBytes(of: UInt32(header.count).littleEndian) { Array($0.prefix(version == 1 ? 2 : 4)) }
  return Data([0x93] + Array("NUMPY".utf8) + [version, 0] + length + header + values)
}

private func bytes<Value>(_ values: [Value]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

@Suite struct NPYArrayTests {
  @Test(arguments: [1, 2, 3] as [UInt8]) func allTypesAndVersionsAreRead(version: UInt8) throws {
    func read(_ type: String, _ values: [UInt8]) throws -> NPYArray {
      let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (3,), }"
      return try NPYArray(npy(header, version: version, values: values), path: "x.npy")
    }
    #expect(try read("<f4", bytes([1.5, -2, 0.1] as [Float])).numbers() == [1.5, -2, Double(Float(0.1))])
    #expect(try read("<f8", bytes([1.5, -2, 0.1])).numbers() == [1.5, -2, 0.1])
    #expect(try read(">f8", bytes([1.5, -2, 0.1].map(\.bitPattern.bigEndian))).numbers() == [1.5, -2, 0.1])
    #expect(try read("<i4", bytes([1, -2, 3] as [Int32])).integers() == [1, -2, 3])
    #expect(try read("<i8", bytes([1, -2, .max])).integers() == [1, -2, .max])
    #expect(try read("|b1", [1, 0, 1]).booleans() == [true, false, true])
    expectDataError(.malformed, "x.npy", "integers", "booleans") {
      _ = try read("<i8", bytes([1, 2, 3])).booleans()
    }
  }

  @Test func columnMajorArraysAreReordered() throws {
    let header = "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }"
    // [[0, 1, 2], [3, 4, 5]], stored column by column.
    let array = try NPYArray(npy(header, values: bytes([0.0, 3, 1, 4, 2, 5])), path: "x.npy")
    #expect(array.shape == [2, 3])
    #expect(try array.numbers() == [0, 1, 2, 3, 4, 5])
    let scalar = npy("{'descr': '<f8', 'fortran_order': True, 'shape': (), }", values: bytes([7.0]))
    #expect(try NPYArray(scalar, path: "x.npy").numbers() == [7])
  }

  @Test func malformedFilesAreNamed() {
    let good = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", values: bytes([1.0, 2]))
    let cases: [(Data, String)] = [
      (Data(), "signature"), (Data("hello, world, hello".utf8), "signature"),
      (good.prefix(9), "signature"), (good.prefix(30), "header is cut off"), (good.dropLast(), "is cut off"),
      (npy("{'descr': '<c16', 'fortran_order': False, 'shape': (2,), }"), "c16"),
      (npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), }"), "element type"),
      (npy("{'descr': '<f8', 'shape': (2,), }"), "fortran_order"),
      (npy("{'descr': '<f8', 'fortran_order': False, }"), "shape"),
      (npy("{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999999, 9999999999999), }"), "too large"),
      (npy("{}", version: 9), "version is 9"),
    ]
    for (data, text) in cases {
      expectDataError(.malformed, "x.npy", text) { _ = try NPYArray(data, path: "x.npy") }
    }
  }
}
