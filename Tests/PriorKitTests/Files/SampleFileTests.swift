import FXParams
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite struct SampleFileTests {
  private let prior: Prior

  init() throws {
    prior = try GaussianEstimator.unbiased.fit(normalPresets(40, of: SmallChain.bands))
  }

  /// More draws than one block of the file holds, to the last bit.
  @Test(arguments: [1, 3]) func theFileHoldsTheDraws(threads: Int) throws {
    let scratch = try Scratch()
    let path = scratch.file("samples.h5")
    let count = 2 * PresetStream.rowsInBlock(dimension: 7) + 77
    try PresetFile.writeSamples(
      of: prior, count: count, seed: 5, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false,
      threads: threads)
    let read = try PresetFile.read(path)
    #expect(read.theta == prior.samples(count, seed: 5))
    #expect(read.labels?.first == "sample-1")
    #expect(read.labels?.last == "sample-\(count)")
    let file = try HDF5Reader(path: path)
    #expect(file.contains(attribute: "DIMENSION_LIST", of: "/theta"))
    #expect(try file.text(attribute: "NAME", of: "/labels") == "labels")
    #expect(try file.text(attribute: "_Encoding", of: "/labels") == "utf-8")
  }

  @Test func scoresOfAFileAreThoseOfItsRows() throws {
    let scratch = try Scratch()
    let path = scratch.file("samples.h5")
    let presets = PresetCollection(chain: SmallChain.bands, theta: prior.samples(100_000, seed: 2))
    try PresetFile.write(presets, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
    var scores: [Double] = []
    nonisolated(unsafe) var collected: [ScoredBlock] = []
    try PresetStream(path).score(under: prior, threads: 2) {
      $0
    } deliver: {
      collected.append($0)
    }
    for block in collected {
      #expect(block.rows.lowerBound == scores.count)
      scores += block.logDensities
    }
    #expect(scores == prior.logDensities(ofRows: presets.theta))
    #expect(collected[0].labels[0] == "1")
    #expect(abs(scores[17] - prior.logDensity(at: presets.theta.row(17))) < 1e-11)
  }
}
