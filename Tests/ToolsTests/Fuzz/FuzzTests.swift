import AudioFiles
import FXParams
import Foundation
import HDF5Store
import Inference
import NumericCore
import PresetStore
import TestSupport
import Testing

/// Every reader on changed inputs: it returns, or throws one sentence. No trap, no hang, no NaN passed on.
///
/// The inputs are a function of their kind and number. PRIORKIT_FUZZ says how many there are of each kind (default
/// 460); PRIORKIT_FUZZ_FIRST where to begin, so that the input of a trap is found by halving.
@Suite("Changed inputs", .serialized)
struct FuzzTests {
  private static let count = ProcessInfo.processInfo.environment["PRIORKIT_FUZZ"].flatMap { Int($0) } ?? 460
  private static let first = ProcessInfo.processInfo.environment["PRIORKIT_FUZZ_FIRST"].flatMap { Int($0) } ?? 0
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.storeSmallPresets()
  }

  // MARK: - Running

  private struct Tally {
    var accepted = 0
    var refused = 0
  }

  /// Runs `read` on an input, which `make` stores, for every number.
  func fuzz(_ kind: String, make: (inout ByteMutator) throws -> Void, read: () throws -> [Double]) throws {
    var tally = Tally()
    let clock = ContinuousClock()
    for number in Self.first..<Self.first + Self.count {
      var mutator = ByteMutator(
        seed: UInt64(kind.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }), stream: UInt64(number))
      try make(&mutator)
      let start = clock.now
      do {
        let values = try read()
        tally.accepted += 1
        let hasNaN = values.contains { $0.isNaN }
        #expect(!hasNaN, "\(kind) \(number) passes on NaN")
      } catch {
        tally.refused += 1
        let sentence = "\(error)"
        #expect(sentence.hasSuffix(".") && sentence.contains(" "), "\(kind) \(number): \(sentence.prefix(300))")
      }
      #expect(clock.now - start < .seconds(10), "\(kind) \(number) takes \(clock.now - start)")
    }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #expect(usage.ru_maxrss < 12 << 20, "\(kind): \(usage.ru_maxrss >> 10) MB")
    print(
      "fuzz: \(kind), \(Self.count) inputs from \(Self.first): \(tally.accepted) read, \(tally.refused) refused")
    #expect(tally.refused > 0)
  }

  /// Changed bytes of a file, under another name with the same extension.
  func fuzzBytes(_ kind: String, of file: String, read: (_ path: String) throws -> [Double]) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: workspace.path(file))))
    let path = workspace.path("fuzzed." + URL(fileURLWithPath: file).pathExtension)
    try fuzz(
      kind, make: { try Data($0.mutated(bytes)).write(to: URL(fileURLWithPath: path)) }, read: { try read(path) })
  }

  /// Changed contents of an HDF5 file.
  func fuzzContent(_ kind: String, of file: String, read: (_ path: String) throws -> [Double]) throws {
    let content = try HDF5Content(workspace.path(file))
    let path = workspace.path("fuzzed.h5")
    try fuzz(
      kind,
      make: { mutator in
        while true {
          var changed = content
          changed.mutate(&mutator)
          // Names that collide, or a group in the place of a dataset, are no file.
          if (try? changed.write(to: path)) != nil { return }
        }
      }, read: { try read(path) })
  }

  // MARK: - Text

  @Test func csv() throws {
    try workspace.succeed(["export", "small.h5", "-o", "small.csv"])
    try fuzzBytes("csv", of: "small.csv") { try CSVImport.read($0, chain: .bell).theta.values }
  }

  @Test func audioLists() throws {
    let rows = (0..<10).map { "\($0),dry-\($0).wav,\($0 * 100)" }
    try workspace.store(("row,file,shift\n" + rows.joined(separator: "\n") + "\n").utf8, as: "list.csv")
    let presets = try PresetFile.read(workspace.path("small.h5"))
    let audio = AudioBuffer(channels: [[1, 2, 3]], sampleRate: 44_100)
    try fuzzBytes("audio list", of: "list.csv") { path in
      try AudioList(csv: path, presets: presets).entries.map {
        Double(audio.rotated(by: $0.shiftFrames).channels[0][0])
      }
    }
  }

  @Test func chains() throws {
    try workspace.store(try ChainDescription.diffVox.yaml().utf8, as: "chain.yaml")
    try fuzzBytes("chain", of: "chain.yaml") { path in
      let chain = try ChainDescription(
        yaml: String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self))
      let space = chain.parameterSpace
      return space.values(ofLogits: [Double](repeating: 0, count: space.count))
    }
  }

  @Test func json() throws {
    try workspace.succeed(["export", "small.h5", "-o", "small.json"])
    try fuzzBytes("json", of: "small.json") { try PresetJSON.read($0, chain: .bell).theta.values }
  }

  @Test func arrays() throws {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 3), }"
    let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    let numbers = (0..<12).flatMap { value in
      withUnsafeBytes(of: (Double(value) / 3).bitPattern.littleEndian) { Array($0) }
    }
    try workspace.store([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8) + numbers, as: "x.npy")
    try fuzzBytes("npy", of: "x.npy") { path in
      let values = try NPYArray(path: path).numbers()
      // The format holds NaN like any number: it is for the importer to refuse.
      return values.map { $0.isNaN ? 0 : $0 }
    }
  }

  @Test func logsOfDraws() throws {
    let rows = (0..<8).map { row in (0..<4).map { Double(row) + Double($0) / 3 } }
    let (log, _) = try DrawLog.open(workspace.path("chain.draws"), problem: "p", width: 4, isResuming: false)
    for row in rows { try log.append(row) }
    try fuzzBytes("draws", of: "chain.draws") { path in
      let found = try DrawLog.open(path, problem: "p", width: 4, isResuming: true).rows
      #expect(found == Array(rows.prefix(found.count)), "a damaged row was taken for a draw")
      // So that one is refused: every log is as good as cut.
      guard found.count > 3 else { throw DrawLogError.damaged(path) }
      return found.flatMap { $0 }
    }
  }

  // MARK: - Audio

  @Test(arguments: AudioWriter.Format.allCases) func audio(format: AudioWriter.Format) throws {
    let samples = (0..<3000).map { Float(sin(Double($0) / 9)) / 2 }
    let name = "tone." + format.rawValue
    try AudioWriter.write(
      AudioBuffer(channels: [samples, samples], sampleRate: 44_100), path: workspace.path(name), format: format)
    try fuzzBytes("audio \(format.rawValue)", of: name) { path in
      try AudioReader.read(path: path).channels.map { Double($0.last ?? 0) }
    }
  }
}
