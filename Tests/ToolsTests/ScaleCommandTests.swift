import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite("Commands that work in blocks")
struct ScaleCommandTests {
  private let presets = CommandTests()

  @Test func mergedStatisticsGiveThePriorOfAllPresets() throws {
    try presets.withPresets { folder in
      func run(_ arguments: String) throws -> ToolResult {
        let result = try runTool(arguments.split(separator: " ").map(String.init), folder: folder)
        #expect(result.exitCode == 0, "\(result.standardError)")
        return result
      }
      let path = { folder.appendingPathComponent($0).path }
      let all = try PresetFile.read(path("presets.h5"))
      for (name, rows) in [("a", Array(0..<15)), ("b", Array(15..<40))] {
        var part = all
        part.theta = all.theta.selecting(rows: rows)
        try PresetFile.write(
          part, to: path(name + ".h5"), provenance: Provenance(arguments: ["test"]), overwrite: false)
        _ = try run("fit \(name).h5 --statistics-only -o stats-\(name).h5 -q")
      }
      #expect(try run("show stats-a.h5 --json").standardOutput.contains("\"count\" : 15"))
      _ = try run("merge stats-a.h5 stats-b.h5 -o merged.h5")
      _ = try run("merge stats-b.h5 stats-a.h5 --statistics-only -o both.h5")
      _ = try run("merge both.h5 -o again.h5")
      let whole = try #require(try GaussianEstimator.unbiased.fit(all).gaussian)
      for name in ["merged.h5", "again.h5"] {
        let prior = try #require(try PriorFile.read(path(name)).gaussian)
        #expect(largestDifference(prior.mean, whole.mean) < 1e-14)
        #expect(largestDifference(prior.covariance.values, whole.covariance.values) < 1e-13)
      }
      #expect(try Provenance(ofFile: path("merged.h5")).inputs.map(\.path) == ["stats-a.h5", "stats-b.h5"])
    }
  }

  @Test func mergingWhatIsNoStatisticsIsRefused() throws {
    try presets.withPresets { folder in
      let result = try runTool(["merge", "presets.h5", "-o", "prior.h5"], folder: folder)
      #expect(result.exitCode == 1)
      #expect(result.standardError.contains("presets.h5 holds presets, not statistics"))
    }
  }

  @Test func resultsDoNotDependOnThreads() throws {
    try presets.withPresets { folder in
      var priors: [MultivariateNormal?] = []
      var draws: [Matrix] = []
      var tables: [String] = []
      for threads in ["1", "3"] {
        let names = ["prior", "samples"].map { "\($0)\(threads).h5" }
        _ = try runTool(["fit", "presets.h5", "-o", names[0], "--threads", threads], folder: folder)
        _ = try runTool(
          ["sample", names[0], "--count", "200000", "-o", names[1], "--threads", threads], folder: folder)
        priors.append(try PriorFile.read(folder.appendingPathComponent(names[0]).path).gaussian)
        draws.append(try PresetFile.read(folder.appendingPathComponent(names[1]).path).theta)
        tables.append(
          try runTool(["score", names[0], names[1], "--threads", threads], folder: folder).standardOutput)
      }
      #expect(priors[0]?.covariance == priors[1]?.covariance)
      #expect(draws[0].rows == 200_000)
      #expect(draws[0] == draws[1])
      #expect(tables[0] == tables[1])
      #expect(tables[0].hasPrefix("label,log_density,mahalanobis\nsample-1,"))
      #expect(tables[0].count { $0 == "\n" } == 200_001)
    }
  }

  // MARK: The linear algebra library

  /// The core that a command uses; variables that are empty are unset.
  private func core(_ environment: [String: String]) throws -> String {
    let result = try runTool(["version", "--verbose"], environment: environment, unsettingEmpty: true)
    #expect(result.exitCode == 0)
    let line = result.standardOutput.split(separator: "\n").first { $0.hasPrefix("OpenBLAS core") }
    return String(line?.split(separator: " ").last ?? "")
  }

  /// A variable makes OpenBLAS choose as badly as it does by itself on a processor that it does not know.
  @Test(
    .enabled(
      if: NumericLibraries.instructionSet >= .v3 && NumericLibraries.openBLASHasSeveralCores,
      "needs a processor with AVX2 and an OpenBLAS with several kernels"))
  func badKernelsAreReplaced() throws {
    let asked = try core(["OPENBLAS_CORETYPE": "Prescott", "PRIORKIT_BLAS_CORE": ""])
    #expect(asked == "Prescott", "the user's choice is respected")
    let corrected = try core(["OPENBLAS_CORETYPE": "Prescott", "PRIORKIT_BLAS_CORE": "best"])
    #expect(corrected == BLASCore.better(than: "Prescott", instructions: NumericLibraries.instructionSet))
  }

  @Test func testsAndCommandsHaveTheSameKernels() throws {
    let own = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] ?? ""
    #expect(try core(["OPENBLAS_CORETYPE": own]) == NumericLibraries.openBLASCore)
  }

  @Test func verboseVersionNamesWhatRuns() throws {
    let first = try runTool(["version", "--verbose"])
    #expect(first.standardOutput == (try runTool(["--version", "--verbose"])).standardOutput)
    for component in ["priorkit", "OpenBLAS core", "OpenBLAS threads", "FFTW", "HDF5", "own kernels"] {
      #expect(first.standardOutput.contains(component))
    }
  }
}
