import FileOutput
import Foundation
import TestSupport
import Testing

@Suite struct FileContentsTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let scratch = try Scratch()
    try body(scratch.path)
  }

  @Test func knownDigest() throws {
    // FIPS 180-4, the example "abc".
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    var hash = SHA256()
    hash.update(Data("a".utf8))
    hash.update(Data("bc".utf8))
    #expect(hash.hexadecimal() == expected)
    try withFolder { (folder: String) throws -> Void in
      try Data("abc".utf8).write(to: URL(fileURLWithPath: folder + "/x"))
      #expect(try FileDigest.sha256(ofFile: folder + "/x") == expected)
    }
  }

  @Test(arguments: [0, 1, 79, 80, 81, 1 << 20, (1 << 20) + 5, 3 << 20]) func seals(length: Int) throws {
    try withFolder { (folder: String) throws -> Void in
      let path = folder + "/x"
      let body = Data((0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) })
      try body.write(to: URL(fileURLWithPath: path))
      #expect(try FileDigest.seal(ofFile: path) == .absent)
      try FileDigest.sealFile(path)
      let sealed = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(sealed.count == length + FileDigest.sealLength && sealed.prefix(length) == body)
      // A seal alone seals nothing.
      #expect(try FileDigest.seal(ofFile: path) == (length > 0 ? .intact : .absent))
      guard length > 0 else { return }
      var other = sealed
      other[length / 2] ^= 1
      try other.write(to: URL(fileURLWithPath: path))
      #expect(try FileDigest.seal(ofFile: path) == .broken)
    }
  }

  @Test func pipesAreReadOnceAndKept() throws {
    try withFolder { (folder: String) throws -> Void in
      let path = folder + "/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      let writer = Thread {
        let descriptor = open(path, O_WRONLY)
        _ = "abc".withCString { write(descriptor, $0, 3) }
        close(descriptor)
      }
      writer.start()
      #expect(FileContents.isPipe(path))
      #expect(try FileContents.data(ofFile: path) == Data("abc".utf8))
      #expect(try FileContents.data(ofFile: path) == Data("abc".utf8))
      #expect(try FileDigest.sha256(ofFile: path).hasPrefix("ba7816bf"))
    }
  }

  @Test func pipesThatNobodyWritesToAreTold() throws {
    try withFolder { (folder: String) throws -> Void in
      let path = folder + "/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      #expect(throws: FileReadError.noWriter(path: path)) { try FileContents.data(ofFile: path) }
      // One that begins late is waited for.
      let late = folder + "/late"
      #expect(mkfifo(late, 0o600) == 0)
      Thread {
        usleep(300_000)
        let descriptor = open(late, O_WRONLY)
        usleep(300_000)
        _ = "abc".withCString { write(descriptor, $0, 3) }
        close(descriptor)
      }.start()
      #expect(try FileContents.data(ofFile: late) == Data("abc".utf8))
    }
  }

  @Test func whatCannotBeReadIsTold() throws {
    try withFolder { (folder: String) throws -> Void in
      #expect(throws: FileReadError.missing(path: folder + "/no")) { try FileContents.data(ofFile: folder + "/no") }
      #expect(throws: FileReadError.isFolder(path: folder)) { try FileContents.data(ofFile: folder) }
    }
  }

  @Test func unwrittenStatesAreAsGoodAsNone() throws {
    try withFolder { (folder: String) throws -> Void in
      let path = folder + "/state"
      #expect(FileContents.isUnwritten(path))
      for (content, isUnwritten) in [
        (Data(), true), (Data(count: 5000), true), (Data([0, 1]), false), (Data([1]), false),
      ] {
        try content.write(to: URL(fileURLWithPath: path))
        #expect(FileContents.isUnwritten(path) == isUnwritten)
      }
    }
  }

  @Test func outputsGoWhereLinksLead() throws {
    try withFolder { (folder: String) throws -> Void in
      let (link, target) = (folder + "/link.txt", folder + "/target.txt")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "target.txt")
      // The target is not there yet: with --force and without, the link stays a link.
      try OutputFile.write(Data("one".utf8), to: link, overwrite: false)
      #expect(try String(contentsOfFile: target, encoding: .utf8) == "one")
      try OutputFile.write(Data("two".utf8), to: link, overwrite: true)
      #expect(try String(contentsOfFile: target, encoding: .utf8) == "two")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "target.txt")
      #expect(throws: OutputError.exists(path: link)) { try OutputFile.check(link, overwrite: false) }
      let nowhere = folder + "/nowhere.txt"
      try FileManager.default.createSymbolicLink(atPath: nowhere, withDestinationPath: "no/folder.txt")
      #expect(throws: OutputError.self) { try OutputFile.check(nowhere, overwrite: true) }
    }
  }
}
