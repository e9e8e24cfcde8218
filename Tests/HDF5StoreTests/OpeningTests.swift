import Foundation
import HDF5Store
import TestSupport
import Testing

private func error(opening path: String) -> HDF5Error? {
  #expect(throws: HDF5Error.self) { try HDF5Reader(path: path) }
}

extension RoundTripTests {
  @Test func missingForeignAndTruncatedFilesAreToldApart() throws {
    let scratch = try Scratch()
    let good = scratch.file("good.h5")
    try HDF5Writer.create(good, overwrite: false) {
      try $0.write([Double](repeating: 1, count: 1000), shape: [1000], to: "x")
    }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: good))
    let cases: [(name: String, content: Data, code: HDF5Error.Code)] = [
      ("empty.h5", Data(), .notHDF5), ("text.h5", Data("theta,1,2\n".utf8), .notHDF5),
      ("short.h5", bytes.prefix(100), .truncated), ("half.h5", bytes.prefix(bytes.count / 2), .truncated),
    ]
    for (name, content, code) in cases {
      let path = scratch.file(name)
      try content.write(to: URL(fileURLWithPath: path))
      let error = error(opening: path)
      #expect(error?.code == code, "\(name)")
      #expect(error?.description.contains(path) == true)
    }
    #expect(error(opening: scratch.file("absent.h5"))?.code == .fileMissing)
    #expect(error(opening: scratch.path)?.code == .notHDF5)
    #expect(HDF5Diagnostics.openObjectCount(below: scratch.path) == 0)
  }

  @Test func fileLockedByAnotherProgramIsReadAllTheSame() throws {
    let scratch = try Scratch()
    let path = scratch.file("locked.h5")
    try HDF5Writer.create(path, overwrite: false) { try $0.write([5.0], shape: [1], to: "x") }
    // A lock belongs to the open file description, so a second one in this process acts like another program.
    let descriptor = open(path, O_RDWR)
    defer { _ = close(descriptor) }
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    do {
      let reader = try HDF5Reader(path: path)
      #expect(reader.ignoredLock)
      #expect(try reader.doubles("x").values == [5])
      #expect(try HDF5Reader(path: path).ignoredLock)
    }
    let error = #expect(throws: HDF5Error.self) { try HDF5Writer(path: path) }
    #expect(error?.code == .locked)
    #expect(try HDF5Reader(path: path).doubles("x").values == [5])
  }

  @Test func outputsThatCannotBeMadeAreNamed() throws {
    let scratch = try Scratch()
    #expect(throws: (any Error).self) { try HDF5Writer(path: scratch.file("no/out.h5")) }
    #expect(throws: (any Error).self) {
      try HDF5Writer.create("/proc/out.h5", overwrite: true) { _ in Issue.record("body ran") }
    }
    #expect(HDF5Diagnostics.openObjectCount(below: scratch.path) == 0)
  }

  @Test(.enabled(if: access("/dev/full", W_OK) == 0, "/dev/full is absent")) func fullDeviceIsNamed() {
    let error = #expect(throws: HDF5Error.self) { try HDF5Writer(path: "/dev/full") }
    #expect(error?.code == .diskFull)
    #expect(HDF5Diagnostics.openObjectCount(below: "/dev/full") == 0)
  }

  @Test func readersOfManyThreadsDoNotDisturbEachOther() async throws {
    let scratch = try Scratch()
    let path = scratch.file("shared.h5")
    try HDF5Writer.create(path, overwrite: false) {
      try $0.write((0..<10_000).map(Double.init), shape: [100, 100], to: "x", compressed: true)
    }
    let reader = try HDF5Reader(path: path)
    await withTaskGroup(of: Bool.self) { group in
      for task in 0..<16 {
        group.addTask {
          for step in 0..<50 {
            let row = (task * 7 + step) % 100
            let first = try? reader.doubles("x", rows: row..<row + 1).values.first
            if first != Double(row * 100) || (try? reader.doubles("absent")) != nil { return false }
          }
          return true
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
