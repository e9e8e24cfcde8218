import Foundation
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing
import Workflows

@Suite("Shards") struct ShardTests {
  @Test func everyRowIsOfOneShard() throws {
    for count in 1...7 {
      for total in 0...20 {
        let shards = try (1...count).map { try #require(Shard(index: $0, count: count)) }
        #expect(shards.flatMap { $0.rows(of: total) }.sorted() == Array(0..<total))
        for shard in shards {
          let rows = shard.rows(of: total)
          #expect(rows == rows.sorted() && rows == (0..<total).filter(shard.contains))
          // No shard has two rows more than another.
          #expect((total / count...(total + count - 1) / count).contains(rows.count))
        }
      }
    }
    #expect(Shard.whole.rows(of: 5) == Array(0..<5))
  }

  @Test func textIsReadBack() throws {
    for text in ["1/1", "2/4", "4/4", "17/100000"] { #expect(Shard(text)?.text == text) }
    for text in ["0/4", "5/4", "-1/4", "1/0", "a/b", "1", "1/", "/4", "1/2/3", "", "1.0/2", "1 /2"] {
      #expect(Shard(text) == nil, "\(text)")
    }
  }

  private func record(
    _ index: Int = 2, of count: Int = 4, rows: Int = 9, command: String = "priorkit simulate",
    terms: [ShardRecord.Term] = [.init("seed", "1"), .init("prior", "ab")]
  ) -> ShardRecord {
    ShardRecord(kind: .pairs, index: index, count: count, rowCount: rows, command: command, terms: terms)
  }

  @Test func theFingerprintIsOfTheWorkAlone() {
    let first = record()
    #expect(first.work == record(1, of: 3, command: "priorkit simulate -q").work)
    #expect(first.work.utf8.count == 64)
    let others = [
      record(rows: 10), record(terms: [.init("seed", "2"), .init("prior", "ab")]),
      record(terms: [.init("seed", "1p"), .init("rior", "ab")]), record(terms: [.init("seed", "1")]),
      ShardRecord(
        kind: .features, index: 2, count: 4, rowCount: 9, command: "priorkit simulate",
        terms: [.init("seed", "1"), .init("prior", "ab")]),
    ]
    #expect(Set(others.map(\.work) + [first.work]).count == others.count + 1)
    #expect(first.terms[0] == .init("version", Provenance.currentVersion))
  }

  @Test func recordsAreReadBack() throws {
    let scratch = try Scratch()
    let record = record()
    try HDF5Writer.create(scratch.file("a.h5"), overwrite: false) { try $0.set(record) }
    #expect(try StoredShard.record(of: scratch.file("a.h5")) == record)
    try FileManager.default.createDirectory(atPath: scratch.file("run"), withIntermediateDirectories: false)
    let json = try JSONEncoder().encode(["shard": record])
    try json.write(to: URL(fileURLWithPath: scratch.file("run/run.json")))
    #expect(try StoredShard.record(of: scratch.file("run")) == record)
    let edited = String(decoding: json, as: UTF8.self).replacing("\"ab\"", with: "\"cd\"")
    try Data(edited.utf8).write(to: URL(fileURLWithPath: scratch.file("run/run.json")))
    #expect(throws: WorkflowError.self) { try StoredShard.record(of: scratch.file("run")) }
    #expect(throws: DataError.self) {
      try HDF5Writer.create(scratch.file("b.h5"), overwrite: false) {
        try $0.set(record)
        try $0.set(5, attribute: "shard_index")
      }
      _ = try StoredShard.record(of: scratch.file("b.h5"))
    }
    #expect(try StoredShard.record(of: scratch.file("absent")) == nil)
  }

  @Test("A share of pairs is that of the whole, and its checkpoint is its own")
  func pairsOfAShardAreThoseOfTheWhole() throws {
    let folder = try Scratch()
    let paths = try Material.store(in: folder, seconds: 3)
    let dry = try DrySegments([paths.dry], sampleRate: Material.sampleRate, segmentSeconds: 0.5)
    var simulation = PairSimulation(prior: try Material.prior(), dry: dry)
    (simulation.count, simulation.segmentCount, simulation.seed) = (7, 1, 5)
    let whole = try simulation.run()
    let shard = try #require(Shard("2/3"))
    let path = folder.file("checkpoint.h5")
    #expect(throws: InterruptedError.self) {
      try simulation.part(shard, checkpoint: path, monitor: RecordingMonitor(cancellingAfter: 1))
    }
    let other = try #require(Shard("3/3"))
    let refused = #expect(throws: WorkflowError.self) { try simulation.part(other, checkpoint: path) }
    #expect(refused?.code == .unusableState)
    let part = try simulation.part(shard, checkpoint: path)
    #expect(part.rows == [1, 4] && part.presets.labels == ["pair-2", "pair-5"])
    #expect(part.presets.theta == whole.theta.selecting(rows: [1, 4]))
    #expect(part.presets.features == whole.features?.selecting(rows: [1, 4]))
    let empty = try simulation.part(try #require(Shard("8/9")))
    #expect(empty.rows.isEmpty && empty.presets.count == 0)
  }
}
