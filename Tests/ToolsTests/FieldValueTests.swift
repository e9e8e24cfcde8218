import FXParams
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// Numbers from the field that are finite and too large, too small or impossible.
@Suite("Values from the field")
struct FieldValueTests {
  @Test func weightsOfAnyUnitFitAlike() throws {
    let workspace = try Workspace()
    try workspace.storeSmallPresets()
    var presets = try PresetFile.read(workspace.path("small.h5"))
    var scatters: [[Double]] = []
    for (number, unit) in [1, 1e160, 1e-200, 1e300].enumerated() {
      presets.weights = (0..<presets.count).map { Double($0 % 5 + 1) * unit / 5 }
      try PresetFile.write(
        presets, to: workspace.path("w\(number).h5"), provenance: Provenance(arguments: ["test"]), overwrite: true)
      try workspace.succeed(["fit", "w\(number).h5", "-o", "p\(number).h5", "-q"])
      try workspace.succeed(["fit", "w\(number).h5", "--family", "ledoit-wolf", "-o", "l\(number).h5", "-q"])
      try workspace.succeed(["fit", "w\(number).h5", "--statistics-only", "-o", "s\(number).h5", "-q"])
      try workspace.succeed(["merge", "s\(number).h5", "-o", "m\(number).h5", "-q"])
      scatters.append(
        try ["p", "l", "m"].flatMap { try workspace.open("\($0)\(number).h5").doubles("/covariance").values })
      let count = try #require(PriorFile.read(workspace.path("l\(number).h5")).record).effectivePresetCount
      #expect(abs(count - 40.0 * 9 / 11) < 1e-9, "\(count)")
    }
    for other in scatters.dropFirst() {
      for (one, two) in zip(scatters[0], other) { #expect(abs(one - two) <= 1e-10 * max(1, abs(one))) }
    }
  }

  @Test func hugeLogitsAreNamed() throws {
    let workspace = try Workspace()
    try workspace.storeVoice(seconds: 0.5)
    var presets = try PresetFile.read(DefaultData.file("presets.h5").path)
    presets.theta[2, 100] = 1e308
    let name = presets.chain.parameterSpace.names[100]
    try PresetFile.write(
      presets, to: workspace.path("x.h5"), provenance: Provenance(arguments: ["test"]), overwrite: false)
    try workspace.expectFailure(
      ["render", "x.h5", "--row", "2", "dry.wav", "-o", "wet.wav"], name, "1e+308", "Preset 2")
    try workspace.expectFailure(
      ["fit", "x.h5", "-o", "p.h5", "--family", "oas"], name, "1e+308", "beyond any number")
    try workspace.expectFailure(["canonicalise", "x.h5", "-o", "c.h5"], name, "1e+308")
    try workspace.expectFailure(["describe", "x.h5"], name, "1e+308")
    try workspace.storePrior()
    try workspace.expectFailure(["score", "prior.h5", "x.h5"], name, "1e+308")
    try workspace.expectFailure(
      ["compare", "presets.h5", "--test", "x.h5", "--folds", "0", "--families", "oas"], name, "1e+308")
    try workspace.expectFailure(["distance", "x.h5", "x.h5"], "beyond any number")
  }

  @Test func statisticsThatNoPresetsHaveAreRefused() throws {
    let workspace = try Workspace()
    try workspace.storeSmallPresets()
    try workspace.succeed(["fit", "small.h5", "--statistics-only", "-o", "s.h5", "-q"])
    let statistics = try StatisticsFile.read(workspace.path("s.h5"))
    func store(_ name: String, _ change: (HDF5Writer) throws -> Void, without: Set<String>) throws {
      try HDF5Writer.create(workspace.path(name), overwrite: true) { writer in
        let reader = try workspace.open("s.h5")
        for dataset in ["/parameter_space", "/names", "/units"] {
          try writer.write(reader.strings(dataset), to: dataset)
        }
        try writer.set("statistics", attribute: "priorkit_kind")
        try writer.set(1, attribute: "priorkit_version")
        if !without.contains("count") { try writer.set(statistics.count, attribute: "count") }
        for dataset in ["/weight_sums", "/mean", "/minimum", "/maximum", "/scatter"]
        where !without.contains(dataset) {
          let (shape, values) = try reader.doubles(dataset)
          try writer.write(values, shape: shape, to: dataset)
        }
        try change(writer)
      }
    }
    for (name, count) in [("fraction", 39.5), ("huge", 1e300), ("negative", -1), ("nan", .nan)] {
      try store(name + ".h5", { try $0.set(count, attribute: "count") }, without: ["count"])
      try workspace.expectFailure(["merge", "s.h5", name + ".h5", "-o", "m.h5"], name + ".h5")
    }
    try store("many.h5", { try $0.set(Int.max - 1, attribute: "count") }, without: ["count"])
    try workspace.expectFailure(["merge", "many.h5", "many.h5", "-o", "m.h5"], "many.h5")
    try store("sums.h5", { try $0.write([1, 1e9], shape: [2], to: "/weight_sums") }, without: ["/weight_sums"])
    try workspace.expectFailure(["merge", "s.h5", "sums.h5", "-o", "m.h5"], "sums.h5")
    try store("least.h5", { try $0.write([1e6, 1e6, 1e6], shape: [3], to: "/minimum") }, without: ["/minimum"])
    try workspace.expectFailure(["merge", "s.h5", "least.h5", "-o", "m.h5"], "least.h5", "bell.gain")
    // Finite parts whose whole is not.
    for (name, mean) in [("far", 1e200), ("other", -1e200)] {
      try store(
        name + ".h5",
        {
          for dataset in ["/mean", "/minimum", "/maximum"] {
            try $0.write([mean, mean, mean], shape: [3], to: dataset)
          }
          try $0.write([Double](repeating: 0, count: 9), shape: [3, 3], to: "/scatter")
        }, without: ["/mean", "/minimum", "/maximum", "/scatter"])
    }
    try workspace.expectFailure(
      ["merge", "far.h5", "other.h5", "--statistics-only", "-o", "m.h5"], "beyond any number")
  }

  @Test func fitsOfTooFewPresetsNameFamilies() throws {
    let workspace = try Workspace()
    try workspace.storeSmallPresets(3)
    try workspace.expectFailure(["fit", "small.h5", "-o", "p.h5"], "ledoit-wolf")
  }
}
