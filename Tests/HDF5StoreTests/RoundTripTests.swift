import Foundation
import HDF5Store
import TestSupport
import Testing

@Suite struct RoundTripTests {
  /// The library stores when an object was changed, unless it is told not to.
  @Test func theSameContentIsTheSameBytesLater() throws {
    let scratch = try Scratch()
    func bytes(_ name: String) throws -> Data? {
      try HDF5Writer.create(scratch.file(name), overwrite: false) { writer in
        try writer.set("presets", attribute: "kind")
        try writer.write((0..<3000).map { Double($0) }, shape: [1000, 3], to: "/a/compressed", compressed: true)
        try writer.write([1, 2, 3], shape: [3], to: "/integers")
        try writer.write(["x", "long \(String(repeating: "y", count: 5000))"], to: "/texts")
        try writer.createGroup("/empty/group")
        let rows = try writer.rows(shape: [2, 2], of: "/rows")
        try [1.0, 2, 3, 4].withUnsafeBufferPointer { try rows.append($0) }
        try rows.finish()
      }
      return FileManager.default.contents(atPath: scratch.file(name))
    }
    let first = try bytes("first.h5")
    // Times have a grain of one second.
    Thread.sleep(forTimeInterval: 1.1)
    #expect(try first != nil && bytes("second.h5") == first)
  }

  @Test func everythingWrittenIsReadBack() throws {
    let scratch = try Scratch()
    let path = scratch.file("all.h5")
    let numbers = (0..<60_000).map { sin(Double($0)) * pow(10, Double($0 % 300) - 150) }
    do {
      let writer = try HDF5Writer(path: path)
      try writer.write(numbers, shape: [300, 200], to: "/deep/down/matrix", compressed: true)
      try writer.write([.pi], shape: [], to: "scalar")
      try writer.write([Double](), shape: [0, 3], to: "/empty", compressed: true)
      try writer.write([3, -1, Int.max], shape: [3], to: "/integers")
      try writer.write(["", "é", "long " + String(repeating: "x", count: 5000)], to: "/names")
      try writer.write("one text", to: "/text")
      try writer.set("first", attribute: "kind")
      try writer.set("second", attribute: "kind")
      try writer.set(["a", "b"], attribute: "list", of: "/names")
      try writer.set(0.1, attribute: "step", of: "/deep")
      try writer.set(-7, attribute: "version", of: "deep/down/matrix")
      try writer.set([4, 5], attribute: "dimensions", of: "/deep")
      try writer.close()
      try writer.close()
    }
    do {
      let reader = try HDF5Reader(path: path)
      // The count itself must be able to fail.
      #expect(HDF5Diagnostics.openObjectCount(below: scratch.path) == 1)
      #expect(!reader.ignoredLock)
      let matrix = try reader.doubles("/deep/down/matrix")
      #expect(matrix.shape == [300, 200] && matrix.values == numbers)
      #expect(try reader.doubles("deep/down/matrix", rows: 7..<9).values == Array(numbers[1400..<1800]))
      #expect(try reader.doubles("deep/down/matrix", rows: 7..<9).shape == [2, 200])
      #expect(try reader.doubles("deep/down/matrix", rows: 7..<7).values == [])
      #expect(try reader.doubles("/scalar").shape == [] && reader.doubles("/scalar").values == [.pi])
      #expect(try reader.doubles("/empty").shape == [0, 3])
      #expect(try reader.integers("/integers").values == [3, -1, .max])
      #expect(try reader.doubles("/integers").values == [3, -1, Double(Int.max)])
      #expect(try reader.strings("/names").map(\.utf8.count) == [0, 2, 5005])
      #expect(try reader.strings("/text") == ["one text"])
      #expect(try reader.text(attribute: "kind", of: "/") == "second")
      #expect(try reader.strings(attribute: "list", of: "/names") == ["a", "b"])
      #expect(try reader.double(attribute: "step", of: "/deep") == 0.1)
      #expect(try reader.integer(attribute: "version", of: "/deep/down/matrix") == -7)
      #expect(try reader.integers(attribute: "dimensions", of: "/deep") == [4, 5])
      #expect(try reader.textIfPresent(attribute: "absent") == nil)
      #expect(try reader.integerIfPresent(attribute: "version", of: "/deep/down/matrix") == -7)
      #expect(try reader.children() == ["deep", "scalar", "empty", "integers", "names", "text"])
      #expect(try reader.children(of: "/deep") == ["down"])
      #expect(try reader.kind(of: "/deep") == .group && reader.kind(of: "/text") == .dataset)
      #expect(reader.contains("/deep/down/matrix") && !reader.contains("/deep/up/matrix"))
      #expect(reader.contains("/"))
      #expect(try reader.shape(of: "/deep/down/matrix") == [300, 200])
    }
    #expect(HDF5Diagnostics.openObjectCount(below: scratch.path) == 0)
  }

  @Test func noErrorLeavesAnythingOpen() throws {
    let scratch = try Scratch()
    let path = scratch.file("small.h5")
    let writer = try HDF5Writer(path: path)
    try writer.write(["text"], to: "/names")
    try writer.write([1, 2], shape: [2], to: "/numbers")
    #expect(throws: HDF5Error.self) { try writer.write([1.0], shape: [1], to: "/numbers") }
    #expect(throws: HDF5Error.self) { try writer.write([1.0], shape: [1], to: "/numbers/below") }
    try? writer.close()
    #expect(throws: HDF5Error.self) { try writer.write([1.0], shape: [1], to: "/late") }
    do {
      let reader = try HDF5Reader(path: path)
      func code(_ body: () throws -> Void) -> HDF5Error.Code? {
        do { try body() } catch { return (error as? HDF5Error)?.code }
        return nil
      }
      #expect(code { _ = try reader.doubles("/absent") } == .objectMissing)
      #expect(code { _ = try reader.doubles("/names") } == .wrongType)
      #expect(code { _ = try reader.strings("/numbers") } == .wrongType)
      #expect(code { _ = try reader.doubles("/") } == .wrongType)
      #expect(code { _ = try reader.children(of: "/names") } == .wrongType)
      #expect(code { _ = try reader.doubles("/numbers", rows: 1..<3) } == .wrongShape)
      #expect(code { _ = try reader.text(attribute: "absent", of: "/") } == .objectMissing)
    }
    #expect(HDF5Diagnostics.openObjectCount(below: scratch.path) == 0)
  }

  @Test func abandonedOutputLeavesNothing() throws {
    let scratch = try Scratch()
    let path = scratch.file("out.h5")
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try HDF5Writer.create(path, overwrite: false) { writer in
        try writer.write([1.0], shape: [1], to: "x")
        throw Stop()
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
    #expect(HDF5Diagnostics.openObjectCount(below: scratch.path) == 0)
    try HDF5Writer.create(path, overwrite: false) { try $0.write([1.0], shape: [1], to: "x") }
    #expect(try HDF5Reader(path: path).doubles("x").values == [1])
  }

  @Test(.enabled(if: SmallDisk.isAvailable, "needs the right to mount a small file system"))
  func fullDiskIsAnErrorAndNotACrash() throws {
    try SmallDisk.with(kilobytes: 512) { folder in
      let noise = (0..<200_000).map { _ in Double.random(in: 0..<1) }
      for compressed in [false, true] {
        let error = #expect(throws: HDF5Error.self) {
          try HDF5Writer.create(folder + "/out.h5", overwrite: false) { writer in
            try writer.write(["a"], to: "/names")
            try writer.write(noise, shape: [noise.count], to: "/big", compressed: compressed)
          }
        }
        #expect(error?.code == .diskFull)
        #expect(error?.path == folder + "/out.h5")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(left.isEmpty)
        #expect(HDF5Diagnostics.openObjectCount(below: folder) == 0)
      }
    }
  }

  @Test(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
  func filesOfOtherProgramsAreRead() throws {
    do {
      let reader = try Reference.open("parameters")
      #expect(try reader.doubles("/theta").shape == [10, 130])
      #expect(try reader.text(attribute: "keys", of: "/").hasPrefix(#"["0.params.gain""#))
      let raw = try Reference.open("objective").doubles("/raw", rows: 0..<1)
      #expect(raw.shape == [1, 88200] && raw.values.allSatisfy { Double(Float($0)) == $0 })
      #expect(try Reference.open("objective").children().contains("mfcc"))
    }
  }
}
