import FXParams
import HDF5Store
import NumericCore
import PresetStore
import TestSupport
import Testing

/// Scales and units by which other programs name what a preset file holds.
@Suite struct DimensionNamesTests {
  /// A file with these presets, which stays open when its folder goes.
  private func written(_ presets: PresetCollection) throws -> HDF5Reader {
    let scratch = try Scratch()
    let path = scratch.file("presets.h5")
    try PresetFile.write(presets, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
    #expect(try PresetFile.read(path).isEqual(to: presets))
    return try HDF5Reader(path: path)
  }

  private func everything() -> PresetCollection {
    var presets = PresetCollection.sample()
    let (count, size) = (presets.count, presets.dimension)
    presets.information = PresetInformation(
      matrices: Array(repeating: Matrix(rows: size, columns: size), count: count),
      standardErrors: Matrix(rows: count, columns: size, values: Array(repeating: 1, count: count * size)),
      widths: Array(repeating: 2, count: size))
    let numbers = Array(repeating: 0.5, count: count)
    presets.retrieval = RetrievalColumns(
      losses: numbers, fluctuations: numbers, correlations: numbers,
      statuses: Array(repeating: "kept", count: count), refused: [.init(name: "x", reason: "silent")])
    presets.featureRecord = FeatureRecord(
      encoder: "mfcc", source: .wet, sampleRate: 44100, loudnessLUFS: nil, segmentSeconds: 1,
      anchors: Matrix(rows: 2, columns: size))
    return presets
  }

  @Test func everyArrayStandsOverScales() throws {
    let file = try written(everything())
    let scales = ["names", "labels", "feature_names", "column_names", "refused_names", "anchor"]
    for name in try file.children() where name != "parameter_space" {
      let isScale = scales.contains(name)
      #expect(file.contains(attribute: "REFERENCE_LIST", of: name) == isScale, "\(name)")
      #expect(file.contains(attribute: "DIMENSION_LIST", of: name) == !isScale, "\(name)")
      guard isScale else { continue }
      #expect(try file.text(attribute: "CLASS", of: name) == "DIMENSION_SCALE")
      #expect(try file.text(attribute: "NAME", of: name) == name)
    }
    #expect(try file.strings("/column_names") == file.strings("/names"))
    #expect(try file.integers("/anchor").values == [0, 1])
  }

  @Test func unitsAreTold() throws {
    let presets = everything()
    let file = try written(presets)
    for name in ["theta", "standard_errors", "widths", "feature_anchors"] {
      #expect(try file.text(attribute: "units", of: name) == "logit")
    }
    #expect(try file.text(attribute: "long_name", of: "/theta") == "unconstrained parameters (logits)")
    let units = try file.strings(attribute: "parameter_units", of: "/names")
    #expect(units == presets.chain.parameterSpace.parameters.map(\.unit.rawValue))
    #expect(try units == file.strings("/units"))
  }

  @Test func rowsWithoutLabelsAreNumbered() throws {
    let file = try written(.sample(named: false))
    #expect(try file.integers("/preset").values == Array(0..<5))
    #expect(try file.text(attribute: "NAME", of: "/preset") == "preset")
    #expect(file.contains(attribute: "DIMENSION_LIST", of: "/theta"))
  }

  @Test func equalLabelsAreKept() throws {
    var presets = PresetCollection.sample()
    presets.labels = Array(repeating: "same", count: presets.count)
    let file = try written(presets)
    let name = try file.text(attribute: "NAME", of: "/labels")
    #expect(name == "labels")
  }

  /// A shard may have no rows.
  @Test(arguments: [0, 2]) func shardsAreNamedToo(count: Int) throws {
    let scratch = try Scratch()
    let presets = PresetCollection.sample().selecting(rows: Array(0..<count))
    let shard = PresetShard(
      record: ShardRecord(kind: .pairs, index: 1, count: 2, rowCount: 9, command: "test", terms: []),
      provenance: try Provenance(arguments: ["test"]), rows: (0..<count).map { 2 * $0 }, presets: presets)
    try PresetShardFile.write(shard, to: scratch.file("shard.h5"), overwrite: false)
    #expect(try PresetShardFile.read(scratch.file("shard.h5")).presets.isEqual(to: presets))
    let file = try HDF5Reader(path: scratch.file("shard.h5"))
    #expect(file.contains(attribute: "DIMENSION_LIST", of: "/rows"))
  }

  /// More parameters than an attribute can list units of.
  @Test func largeChainsAreWritten() throws {
    let scratch = try Scratch()
    let parameter = try #require(PresetCollection.sample().chain.parameterSpace.parameters.first)
    let space = ParameterSpace(
      (0..<5000).map { Parameter(name: "p\($0)", unit: parameter.unit, bijector: parameter.bijector) })
    let path = scratch.file("large.h5")
    try HDF5Writer.create(path, overwrite: false) { writer in
      try writer.write(space.names, to: "/names")
      try writer.nameParameters(space)
    }
    let file = try HDF5Reader(path: path)
    #expect(try file.text(attribute: "NAME", of: "/names") == "names")
    #expect(!file.contains(attribute: "parameter_units", of: "/names"))
  }
}
