import Foundation
import Inference
import TestSupport
import Testing

/// Logs of draws after what kills, file systems and disks do to them.
@Suite struct DrawLogTests {
  private static let rows = (0..<20).map { row in (0..<5).map { Double(row * 5 + $0) / 7 } }
  private static let problem = "prior abc sampler=ess"

  /// A log with all rows, changed by `damage`, opened again: what is left, and the bytes after the lost rows are
  /// written once more, which must be those of the undamaged log.
  private func recovered(_ damage: (inout Data) -> Void) throws -> [[Double]] {
    let scratch = try Scratch()
    let path = scratch.file("draws")
    try write(Self.rows, to: path, isResuming: false)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    var data = whole
    damage(&data)
    try data.write(to: URL(fileURLWithPath: path))
    let rows = try write([], to: path, isResuming: true)
    try write(Array(Self.rows.dropFirst(rows.count)), to: path, isResuming: true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == whole)
    return rows
  }

  @discardableResult
  private func write(_ rows: [[Double]], to path: String, isResuming: Bool) throws -> [[Double]] {
    let (log, found) = try DrawLog.open(path, problem: Self.problem, width: 5, isResuming: isResuming)
    for row in rows { try log.append(row) }
    return found
  }

  private static let rowBytes = 48

  @Test func wholeLogsAreReadAsTheyWere() throws { #expect(try recovered { _ in } == Self.rows) }

  @Test(arguments: [1, 7, 47, 48, 49, 300]) func cutTailsAreDrawnAgain(bytes: Int) throws {
    let kept = Self.rows.count - (bytes + Self.rowBytes - 1) / Self.rowBytes
    #expect(try recovered { $0.removeLast(bytes) } == Array(Self.rows.prefix(kept)))
  }

  @Test(arguments: [1, 48, 100, 480]) func zeroedTailsAreDrawnAgain(bytes: Int) throws {
    let kept = Self.rows.count - (bytes + Self.rowBytes - 1) / Self.rowBytes
    let rows = try recovered { $0.replaceSubrange($0.count - bytes..<$0.count, with: Data(count: bytes)) }
    #expect(rows == Array(Self.rows.prefix(kept)))
  }

  @Test func zerosInTheMiddleEndTheLogThere() throws {
    let rows = try recovered { data in
      let start = data.count - 10 * Self.rowBytes + 3
      data.replaceSubrange(start..<start + 16, with: Data(count: 16))
    }
    #expect(rows == Array(Self.rows.prefix(10)))
  }

  @Test func rowsDoNotPassInEachOthersPlace() throws {
    let rows = try recovered { data in
      let last = data.suffix(Self.rowBytes)
      data.replaceSubrange(data.count - 5 * Self.rowBytes..<data.count - 4 * Self.rowBytes, with: last)
    }
    #expect(rows == Array(Self.rows.prefix(15)))
  }

  @Test func aLogThatWasNeverBegunIsBegun() throws {
    #expect(try recovered { $0 = Data() } == [])
    #expect(try recovered { $0 = $0.prefix(12) } == [])
    #expect(try recovered { $0 = Data(count: $0.count) } == [])
    #expect(try recovered { $0 = $0.prefix(20) + Data(count: 400) } == [])
  }

  /// What a log holds is told without a change of it, however it ends.
  @Test(arguments: [0, 1, 48, 49]) func contentIsTold(cut: Int) throws {
    let scratch = try Scratch()
    let path = scratch.file("draws")
    try write(Self.rows, to: path, isResuming: false)
    let data = try Data(contentsOf: URL(fileURLWithPath: path)).dropLast(cut)
    try data.write(to: URL(fileURLWithPath: path))
    let content = try DrawLog.content(of: path)
    let lost = (cut + Self.rowBytes - 1) / Self.rowBytes
    #expect(content.problem == Self.problem && content.rowCount == Self.rows.count - lost)
    #expect(content.lostBytes == lost * Self.rowBytes - cut)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == data)
  }

  @Test func logsThatHoldNothingAreTold() throws {
    let scratch = try Scratch()
    let path = scratch.file("draws")
    func content(_ text: String) throws -> DrawLogContent {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      return try DrawLog.content(of: path)
    }
    for text in ["", "priorkit dr", "priorkit draws 2\nprior", "\0\0\0"] {
      let found = try content(text)
      #expect(found.problem == nil && found.rowCount == 0 && found.lostBytes == text.utf8.count)
    }
    #expect(throws: DrawLogError.otherVersion(path)) { try content("priorkit draws 1\nprior\n5\n\n") }
    #expect(throws: DrawLogError.damaged(path)) { try content("not a log of draws") }
    for width in ["0", "-1", "x", "999999999999999999", "9223372036854775807"] {
      #expect(throws: DrawLogError.damaged(path)) { try content("priorkit draws 2\nprior\n\(width)\n\n") }
    }
    #expect(throws: DrawLogError.unreadable(scratch.file("none"))) {
      try DrawLog.content(of: scratch.file("none"))
    }
  }

  @Test func otherFilesAreRefused() throws {
    let scratch = try Scratch()
    let path = scratch.file("draws")
    try Data("not a log of draws, but some text".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: DrawLogError.damaged(path)) { try write([], to: path, isResuming: true) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "not a log of draws, but some text")
    try write(Self.rows, to: path, isResuming: false)
    #expect(throws: DrawLogError.otherRun(path)) {
      try DrawLog.open(path, problem: "another", width: 5, isResuming: true)
    }
  }
}
