import AudioFiles
import FXParams
import Foundation
import Inference
import NumericCore
import PresetStore
import StyleFeatures
import TestSupport
import Testing
import Workflows

@Suite("Recommendations as a library")
struct RecommendationTests {
  /// Bells of other gains, with a twin of row 2 and one that no effect can be computed with.
  private static let presets = PresetCollection(
    chain: Material.chain,
    theta: Matrix(rows: [[2, 0, 0, 0.5], [-2, 0, 0, 0.5], [0, 1, 0, 1], [0, 1, 0, 1], [.infinity, 0, 0, 0]]),
    labels: ["a", "b", "c", "twin", "broken"])

  private func noise(_ seed: UInt64, _ count: Int = 6000) -> [Float] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { _ in Float(0.1 * source.nextNormal()) }
  }

  private func ranking(
    _ cache: RenderingCache? = nil, threads: Int = 1, rows: [Int]? = nil, encoder: StyleEncoderKind = .mfcc
  ) throws -> StyleRanking {
    try StyleRanking(
      of: Self.presets, rows: rows, encoder: encoder,
      references: [StereoSegment(left: noise(1), right: noise(2))], inputs: [noise(3), noise(4, 5000)],
      cache: cache,
      threads: threads)
  }

  @Test("The order is that of the likelihood, the later of two equals first, and what cannot be heard is left out")
  func order() throws {
    let ranking = try ranking()
    #expect(ranking.nearness[4] == nil && ranking.order.count == 4)
    let values = ranking.order.compactMap { ranking.nearness[$0]?.logLikelihood }
    #expect(values == values.sorted(by: >))
    #expect(ranking.nearness[2] == ranking.nearness[3])
    let twins = try #require(ranking.order.firstIndex(of: 3))
    #expect(ranking.order[twins + 1] == 2)
    for nearness in ranking.nearness.compactMap({ $0 }) {
      // With profiled deviations log L = -1 - log(2 pi) - log sigma_mid - log sigma_side.
      let expected = -1 - log(2 * Double.pi) - log(nearness.angleMid) - log(nearness.angleSide)
      #expect(abs(nearness.logLikelihood - expected) < 1e-12)
    }
  }

  @Test("A cache, threads and shards change nothing", arguments: [StyleEncoderKind.mfcc, .mir])
  func cached(encoder: StyleEncoderKind) throws {
    let plain = try ranking(encoder: encoder).nearness
    #expect(try ranking(threads: 3, encoder: encoder).nearness == plain)
    let folder = try Scratch()
    for cache in [RenderingCache(), RenderingCache(folder: folder.file("cache")), RenderingCache(limit: 100_000)] {
      #expect(try ranking(cache, encoder: encoder).nearness == plain)
      #expect(try ranking(cache, threads: 2, encoder: encoder).nearness == plain)
    }
    // Renderings in Double are not kept; the twins are one file.
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.file("cache"))) ?? []
    #expect(files.count == (encoder == .mfcc ? 3 : 0))
    if let file = files.first {
      // A damaged file is made anew.
      try Data("RIFF".utf8).write(to: URL(fileURLWithPath: folder.file("cache/\(file)")))
      #expect(try ranking(RenderingCache(folder: folder.file("cache")), encoder: encoder).nearness == plain)
    }
    let (even, odd) = (
      try ranking(rows: [0, 2, 4], encoder: encoder), try ranking(rows: [1, 3], encoder: encoder)
    )
    #expect(zip(even.nearness, odd.nearness).map { $0 ?? $1 } == plain)
    #expect(odd.nearness[0] == nil && even.nearness[1] == nil)
  }

  @Test("The preset that made the reference is the nearest")
  func findsThePreset() throws {
    let folder = try Scratch()
    let paths = try Material.store(in: folder, seconds: 2)
    let wet = folder.file("made.wav")
    try DryRendering(chain: Material.chain, logits: Self.presets.theta.row(1)).write(paths.dry, to: wet)
    var collection = Self.presets
    collection = collection.selecting(rows: [0, 1, 2])
    let ranking = try StyleRanking(of: collection, references: [wet], dry: [paths.dry])
    #expect(ranking.order.first == 1)
    let list = Recommendation(ranking, of: collection, shard: nil, provenance: try Provenance(arguments: ["test"]))
    #expect(list.presets.map(\.label).first == "b" && list.presets.count == 3)
    let error = #expect(throws: WorkflowError.self) {
      try StyleRanking(byFeaturesOf: collection, path: "x.h5", references: [wet], encoder: .mfcc)
    }
    #expect(error?.description.contains("x.h5") == true)
  }

  @Test("Presets with features of their recordings need no dry vocal")
  func byFeatures() throws {
    let folder = try Scratch()
    let paths = try Material.store(in: folder, seconds: 2)
    let files = (0..<3).map { folder.file("wet-\($0).wav") }
    for (row, file) in files.enumerated() {
      try DryRendering(chain: Material.chain, logits: Self.presets.theta.row(row)).write(paths.dry, to: file)
    }
    let list = folder.file("list.csv")
    let lines = files.enumerated().map { "\($0),\($1)" }
    try Data((["row,file"] + lines).joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: list))
    let collection = Self.presets.selecting(rows: [0, 1, 2])
    let extraction = FeatureExtraction(source: .wet, sampleRate: Material.sampleRate)
    let described = try extraction.run(
      PresetRecordings(AudioList(csv: list, presets: collection), of: collection), of: collection, path: "p.h5")
    for row in 0..<3 {
      let ranking = try StyleRanking(
        byFeaturesOf: described, path: "p.h5", references: [files[row]], encoder: .mfcc)
      #expect(ranking.order.first == row)
    }
  }
}
