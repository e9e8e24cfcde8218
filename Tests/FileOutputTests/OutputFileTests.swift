import FileOutput
import Foundation
import TestSupport
import Testing

private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

private struct Interrupted: Error {}

@Test func writesThroughATemporaryOfTheSameExtensionInTheSameFolder() throws {
  let scratch = try Scratch()
  let path = scratch.file("out.h5")
  let folder = scratch.path
  let result = try OutputFile.write(to: path, overwrite: false) { temporary in
    #expect(temporary.hasPrefix(folder + "/") && temporary.hasSuffix(".h5"))
    #expect(!FileManager.default.fileExists(atPath: path))
    try Data("full".utf8).write(to: URL(fileURLWithPath: temporary))
    return 7
  }
  #expect(result == 7)
  #expect(try text(path) == "full")
  #expect(try scratch.names() == ["out.h5"])
}

@Test func failureLeavesTheOldFileAndNoTemporary() throws {
  let scratch = try Scratch()
  let path = scratch.file("out.txt")
  try OutputFile.write(Data("old".utf8), to: path, overwrite: false)
  #expect(throws: Interrupted.self) {
    try OutputFile.write(to: path, overwrite: true) { temporary in
      try Data("half".utf8).write(to: URL(fileURLWithPath: temporary))
      throw Interrupted()
    }
  }
  #expect(try text(path) == "old")
  #expect(try scratch.names() == ["out.txt"])
}

@Test func existingOutputNeedsForce() throws {
  let scratch = try Scratch()
  let path = scratch.file("out.txt")
  try OutputFile.write(Data("old".utf8), to: path, overwrite: false)
  var ran = false
  let error = #expect(throws: OutputError.self) {
    try OutputFile.write(to: path, overwrite: false) { _ in ran = true }
  }
  #expect(error == .exists(path: path))
  #expect(error.map { "\($0)".contains(path) && "\($0)".contains("replaced") } == true)
  #expect(!ran)
  #expect(throws: OutputError.exists(path: path)) { try OutputFile.check(path, overwrite: false) }

  try OutputFile.write(Data("new".utf8), to: path, overwrite: true)
  #expect(try text(path) == "new")
}

@Test func outputThatAppearsMeanwhileIsNotReplaced() throws {
  let scratch = try Scratch()
  let path = scratch.file("out.txt")
  #expect(throws: OutputError.exists(path: path)) {
    try OutputFile.write(to: path, overwrite: false) { _ in
      try Data("other".utf8).write(to: URL(fileURLWithPath: path))
    }
  }
  #expect(try text(path) == "other")
  #expect(try scratch.names() == ["out.txt"])
}

@Test func permissionsAndLinksOfAnExistingOutputAreKept() throws {
  let scratch = try Scratch()
  let path = scratch.file("out.txt")
  let link = scratch.file("link.txt")
  try OutputFile.write(Data("old".utf8), to: path, overwrite: false)
  #expect(chmod(path, 0o640) == 0)
  try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
  try OutputFile.write(Data("new".utf8), to: link, overwrite: true)
  #expect(try text(path) == "new")
  #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
  let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
  #expect(mode?.intValue == 0o640)
}

@Test func foldersInTheWayAreNamedBeforeTheBodyRuns() throws {
  let scratch = try Scratch()
  try OutputFile.write(Data(), to: scratch.file("file"), overwrite: false)
  let cases = [
    (scratch.path, OutputError.isFolder(path: scratch.path)),
    (scratch.file("no/out"), .noFolder(path: scratch.file("no/out"), folder: scratch.file("no"))),
    (scratch.file("file/out"), .noFolder(path: scratch.file("file/out"), folder: scratch.file("file"))),
  ]
  for (path, expected) in cases {
    #expect(throws: expected) { try OutputFile.check(path, overwrite: true) }
    #expect(throws: expected) { try OutputFile.write(to: path, overwrite: true) { _ in Issue.record("body ran") } }
  }
  // Nobody, root included, may create a file in /proc.
  #expect(throws: OutputError.self) { try OutputFile.check("/proc/out.txt", overwrite: true) }
}

@Test(.enabled(if: access("/dev/full", W_OK) == 0, "/dev/full is absent")) func fullDiskIsNamed() {
  #expect(throws: OutputError.diskFull(path: "/dev/full")) {
    try OutputFile.write(Data("x".utf8), to: "/dev/full", overwrite: false)
  }
}

@Test func interruptionRemovesTemporaries() async throws {
  let scratch = try Scratch()
  let folder = scratch.path
  // In a process of its own, because it ends all outputs being written.
  await #expect(processExitsWith: .signal(SIGTERM)) { [folder = folder as String] in
    OutputFile.removeTemporariesOnInterrupt()
    try OutputFile.write(to: folder + "/out", overwrite: false) { _ in
      // To the process, not to this thread, which may have signals blocked.
      kill(getpid(), SIGTERM)
      sleep(10)
    }
  }
  #expect(try scratch.names() == [])
}
