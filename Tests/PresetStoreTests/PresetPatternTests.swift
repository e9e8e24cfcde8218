import FXParams
import HDF5Store
import NumericCore
import PresetStore
import TestSupport
import Testing

/// Presets that lack effects, in files.
@Suite struct PresetPatternTests {
  private static let provenance = try? Provenance(arguments: ["test"])

  private func write(_ presets: PresetCollection, to path: String) throws {
    try PresetFile.write(presets, to: path, provenance: #require(Self.provenance), overwrite: true)
  }

  @Test func patternsSurviveAndFilesOfOneShapeHaveNone() throws {
    let scratch = try Scratch()
    let path = scratch.file("presets.h5")
    let presets = PresetCollection.varying()
    try write(presets, to: path)
    #expect(try PresetFile.read(path, acceptsVaryingShape: true).isSame(as: presets))
    let file = try HDF5Reader(path: path)
    #expect(try file.strings("/optional_effects") == ["low", "comp", "slap", "long"])
    #expect(try file.integers("/present").values.prefix(20).reduce(0, +) == 16)
    #expect(try file.integers("/order").values.prefix(5) == [0, 1, 0, 0, 1])
    // Selecting the complete ones leaves a file as ever.
    let complete = try presets.ofPattern(varyingChain.completePattern, path: path)
    #expect(complete.patterns == nil && !complete.chain.hasVariants && complete.count == 3)
    try write(complete, to: path)
    #expect(try !HDF5Reader(path: path).contains("/present"))
    #expect(try PresetFile.read(path).isSame(as: complete))
  }

  @Test func patternsOfACollectionAreCountedAndSelected() throws {
    let presets = PresetCollection.varying()
    let found = presets.rowsByPattern
    #expect(found.map(\.rows) == [[0, 5, 10], [1, 6, 11], [2, 7], [3, 8], [4, 9]])
    for (pattern, rows) in found {
      let own = try presets.ofPattern(pattern, path: "x.h5")
      #expect(own.labels == rows.map { "take \($0)" } && own.theta.values.allSatisfy(\.isFinite))
      let variant = presets.chain.variant(pattern)
      #expect(own.chain == variant.chain)
      #expect(own.theta == presets.theta.selecting(rows: rows, columns: variant.positions))
    }
    expectDataError(.empty, "without low") {
      _ = try presets.ofPattern(ChainPattern(present: [false, true, true, true]), path: "x.h5")
    }
    #expect(presets.selecting(rows: [4, 2]).patterns == [4, 2].map { presets.pattern(of: $0) })
  }

  /// A file may say that every preset has everything; any reader takes it then.
  @Test func completePresetsAreOfOneShape() throws {
    let scratch = try Scratch()
    let path = scratch.file("presets.h5")
    var presets = PresetCollection.varying().keeping(rows: [0, 5, 10])
    #expect(presets.patterns == nil)
    presets.patterns = Array(repeating: varyingChain.completePattern, count: 3)
    try write(presets, to: path)
    #expect(try HDF5Reader(path: path).contains("/present"))
    #expect(try PresetFile.read(path).patterns == nil && PresetStream(path).count == 3)
    #expect(try !PresetFile.hasVaryingShape(path))
  }

  /// What is absent is not a number, and not infinite either.
  @Test func infiniteValuesOfAbsentEffectsAreRefused() throws {
    let scratch = try Scratch()
    var presets = PresetCollection.varying()
    let absent = try #require(varyingChain.absentPositions(presets.pattern(of: 2)).first)
    presets.theta[2, absent] = .infinity
    expectDataError(.invalidValue, "although /present says that it lacks the effect") {
      try write(presets, to: scratch.file("presets.h5"))
    }
  }

  @Test func whatNeedsOneShapeRefusesThem() throws {
    let scratch = try Scratch()
    let path = scratch.file("presets.h5")
    try write(.varying(), to: path)
    expectDataError(.varyingShape, path, "varying shape", "select") { _ = try PresetFile.read(path) }
    expectDataError(.varyingShape, path) { _ = try PresetStream(path) }
  }

  @Test func valuesOfAbsentEffectsAndGapsInOthersAreRefused() throws {
    let scratch = try Scratch()
    let low = try #require(varyingChain.parameterSpace.index(of: "low.gain"))
    var presets = PresetCollection.varying()
    presets.theta[0, low] = .nan
    expectDataError(.invalidValue, "Preset 0 ", "low.gain = nan") { try write(presets, to: scratch.file("x.h5")) }
    presets = .varying()
    presets.theta[4, low] = 1
    expectDataError(.invalidValue, "Preset 4 ", "low.gain = 1.0", "lacks the effect") {
      try write(presets, to: scratch.file("x.h5"))
    }
    presets = .varying()
    presets.patterns?.removeLast()
    expectDataError(.wrongShape, "/present") { try write(presets, to: scratch.file("x.h5")) }
    presets = .varying()
    presets.patterns?[0] = ChainPattern(present: [true, true, true, true], order: 7)
    expectDataError(.invalidValue, "Preset 0 ", "does not allow") { try write(presets, to: scratch.file("x.h5")) }
    #expect(try scratch.names().isEmpty)
  }

  /// A file whose arrays contradict its chain, written by hand.
  @Test func arraysThatCannotBeAreNamed() throws {
    let scratch = try Scratch()
    let path = scratch.file("x.h5")
    let presets = PresetCollection.varying(count: 5)
    let present = (presets.patterns ?? []).flatMap { $0.present.map { $0 ? 1 : 0 } }
    let orders = (presets.patterns ?? []).map(\.order)
    func expect(
      _ code: DataError.Code?, _ word: String, present: [Int]? = nil, rows: Int = 5, orders own: [Int]? = nil,
      effects: [String]? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      try HDF5Writer.create(path, overwrite: true) { writer in
        try writer.set("presets", attribute: "priorkit_kind")
        try writer.set(1, attribute: "priorkit_version")
        try writer.write(presets.chain.yaml(), to: "/parameter_space")
        try writer.write(presets.chain.parameterSpace.names, to: "/names")
        try writer.write(
          presets.theta.values, shape: [presets.count, presets.dimension], to: "/theta", compressed: true)
        try writer.write(effects ?? presets.chain.optionalNames, to: "/optional_effects")
        try writer.write(present ?? [], shape: [rows, (present ?? []).count / rows], to: "/present")
        try writer.write(own ?? orders, shape: [(own ?? orders).count], to: "/order")
      }
      guard let code else {
        #expect(
          try PresetFile.read(path, acceptsVaryingShape: true).isSame(
            as: {
              var other = presets
              (other.labels, other.groups) = (nil, nil)
              return other
            }()), sourceLocation: sourceLocation)
        return
      }
      expectDataError(code, path, word, sourceLocation: sourceLocation) {
        _ = try PresetFile.read(path, acceptsVaryingShape: true)
      }
    }
    try expect(nil, "", present: present)
    try expect(.wrongShape, "/present", present: Array(present.dropLast(4)), rows: 4)
    try expect(.wrongShape, "/present", present: Array(present.dropLast(5)))
    try expect(.wrongShape, "/present", present: present, effects: ["low", "comp", "slap", "peak"])
    try expect(.wrongShape, "/order", present: present, orders: Array(orders.dropLast()))
    try expect(.invalidValue, "Preset 0 ", present: [2] + present.dropFirst())
    try expect(.invalidValue, "low.gain", present: [0] + present.dropFirst())
    try expect(.invalidValue, "Preset 1 ", present: present, orders: [0, 2, 0, 0, 1])
    // Not in canonical form: without comp there is one order.
    try expect(.invalidValue, "Preset 2 ", present: present, orders: [0, 1, 1, 0, 1])
    try expect(.invalidValue, "Preset 0 ", present: present, orders: [-1, 1, 0, 0, 1])
  }
}
