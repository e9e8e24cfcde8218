import FXParams
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite struct PresetStatisticsTests {
  private func write(_ presets: PresetCollection, to path: String) throws {
    try PresetFile.write(presets, to: path, provenance: Provenance(arguments: ["test"]), overwrite: true)
  }

  /// Presets enough for several blocks.
  private let many = normalPresets(160_000, of: SmallChain.bands)

  @Test func streamedPriorIsThatOfTheWholeCollection() throws {
    let scratch = try Scratch()
    let path = scratch.file("presets.h5")
    try write(many, to: path)
    let stream = try PresetStream(path)
    #expect(stream.blockCount > 1)
    let one = try PresetStatistics(of: stream, threads: 1)
    let three = try PresetStatistics(of: stream, threads: 3)
    #expect(one.moments == three.moments)
    let streamed = try #require(try GaussianEstimator.unbiased.fit(one).gaussian)
    let whole = try #require(try GaussianEstimator.unbiased.fit(many).gaussian)
    #expect(largestDifference(streamed.mean, whole.mean) < 1e-13)
    #expect(largestDifference(streamed.covariance.values, whole.covariance.values) < 1e-12)
  }

  @Test func statisticsSurviveTheirFile() throws {
    let scratch = try Scratch()
    let path = scratch.file("statistics.h5")
    var moments = MomentAccumulator(dimension: 7)
    try moments.add(normalPresets(20, of: SmallChain.bands).theta)
    let statistics = PresetStatistics(chain: SmallChain.bands, moments: moments)
    try StatisticsFile.write(statistics, to: path, provenance: Provenance(arguments: ["t"]), overwrite: false)
    let read = try StatisticsFile.read(path)
    #expect(read.chain == statistics.chain)
    #expect(read.count == 20)
    #expect(read.moments.mean == moments.mean)
    #expect(read.moments.minima == moments.minima)
    #expect(read.moments.maxima == moments.maxima)
    #expect(read.moments.scatter == moments.scatter)
    expectDataError(.wrongKind, "statistics") { _ = try PresetFile.read(path) }
  }

  /// The same sentence whether a file is read at once or in blocks.
  @Test(arguments: ["row 100003", "names", "labels", "features"]) func badFilesAreRefusedAlike(what: String) throws
  {
    let scratch = try Scratch()
    let path = scratch.file("bad.h5")
    let space = SmallChain.bands.parameterSpace
    var theta = many.theta
    if what.hasPrefix("row") { theta[100_003, 2] = .nan }
    let writer = try HDF5Writer(path: path)
    try writer.set("presets", attribute: "priorkit_kind")
    try writer.set(1, attribute: "priorkit_version")
    try writer.write(try SmallChain.bands.yaml(), to: "/parameter_space")
    try writer.write(what == "names" ? space.names.reversed() : space.names, to: "/names")
    try writer.write(theta.values, shape: [theta.rows, theta.columns], to: "/theta")
    if what == "labels" { try writer.write(["one"], to: "/labels") }
    if what == "features" {
      var features = [Double](repeating: 0, count: theta.rows)
      features[70_000] = .infinity
      try writer.write(features, shape: [theta.rows, 1], to: "/features")
      try writer.write(["tempo"], to: "/feature_names")
    }
    try writer.close()
    let whole = #expect(throws: DataError.self) { try PresetFile.read(path) }
    let streamed = #expect(throws: DataError.self) { try PresetStatistics(of: PresetStream(path), threads: 2) }
    #expect(whole == streamed)
  }

  // MARK: Errors of the estimator

  private func statistics(_ theta: Matrix) throws -> PresetStatistics {
    var moments = MomentAccumulator(dimension: theta.columns)
    try moments.add(theta)
    return PresetStatistics(chain: SmallChain.bands, moments: moments)
  }

  @Test func presetsThatMakeNoDensityAreNamed() throws {
    let few = try statistics(normalPresets(5, of: SmallChain.bands).theta)
    #expect(throws: PriorError.fewerPresetsThanParameters(count: 5, dimension: 7, rank: 4)) {
      try GaussianEstimator.unbiased.fit(few)
    }
    var theta = normalPresets(50, of: SmallChain.bands).theta
    for row in 0..<50 { theta[row, 3] = 0.1 }
    let name = SmallChain.bands.parameterSpace.names[3]
    #expect(throws: PriorError.constantParameter(parameter: name, variance: 0)) {
      try GaussianEstimator.unbiased.fit(try statistics(theta))
    }
    for row in 0..<50 { theta[row, 3] = theta[row, 0] - theta[row, 1] }
    #expect(throws: PriorError.rankDeficient(rank: 6, dimension: 7, count: 50)) {
      try GaussianEstimator.unbiased.fit(try statistics(theta))
    }
  }
}
