import FXParams
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// The DiffVox release through the commands.
@Suite("The published presets", .enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
struct PublishedPresetTests {
  private func imported(_ rows: String, _ name: String, collection: String = "internal") throws -> Workspace {
    let workspace = try Workspace()
    try workspace.succeed([
      "import", "diffvox", Reference.path("diffvox/\(collection)"), "--select", rows, "-o", name,
    ])
    return workspace
  }

  @Test func fitIsThePublishedPrior() throws {
    let workspace = try imported("train", "train.h5")
    try workspace.succeed(["fit", "train.h5", "-o", "prior.h5"])
    let prior = try #require(try PriorFile.read(workspace.path("prior.h5")).gaussian)
    let published = try Reference.open("prior")
    let (mean, covariance) = (try published.doubles("/mean").values, try published.doubles("/cov").values)
    // The published numbers are float32, summed in float32: a few units of 6e-8 of the largest terms.
    let scale = (0..<130).map { prior.covariance[$0, $0].squareRoot() }
    for row in 0..<130 {
      #expect(abs(prior.mean[row] - mean[row]) <= 1e-6 * (abs(mean[row]) + scale[row]))
      for column in 0..<130 {
        let difference = abs(prior.covariance[row, column] - covariance[row * 130 + column])
        #expect(difference <= 1e-6 * scale[row] * scale[column])
      }
    }
    #expect(abs(prior.logDensity(at: prior.mean) + 78.735) < 5e-4)
  }

  @Test(arguments: zip(["all", "train", "held-out"], [385, 365, 20]))
  func rowsAreThoseOfTheRelease(rows: String, count: Int) throws {
    let workspace = try imported(rows, "p.h5")
    let presets = try PresetFile.read(workspace.path("p.h5"))
    #expect(presets.count == count && presets.dimension == 130 && presets.chain == .diffVox)
    #expect(Set(presets.labels ?? []).count == count)
  }

  /// Logits, physical values and labels: what is exported is imported again, bit for bit where logits travel.
  @Test(arguments: zip(["internal", "medleydb"], [385, 70]))
  func exportAndImportGoRound(collection: String, count: Int) throws {
    let workspace = try imported("all", "p.h5", collection: collection)
    let chain = DefaultData.file("chain.yaml").path
    try workspace.succeed(["export", "p.h5", "-o", "logits.csv", "--logits"])
    try workspace.succeed(["import", "csv", "logits.csv", "--chain", chain, "-o", "again.h5"])
    let presets = try PresetFile.read(workspace.path("p.h5"))
    let again = try PresetFile.read(workspace.path("again.h5"))
    #expect(presets.count == count)
    #expect(again.theta == presets.theta)
    #expect(again.labels == presets.labels && again.groups == presets.groups && again.chain == presets.chain)
  }

  @Test func scoresAreTheReferenceDensities() throws {
    let workspace = try imported("train", "train.h5")
    try workspace.succeed(["fit", "train.h5", "-o", "prior.h5"])
    try workspace.succeed(["import", "diffvox", Reference.path("diffvox/medleydb"), "-o", "medley.h5"])
    let table = try workspace.succeed(["score", "prior.h5", "medley.h5"]).standardOutput.split(separator: "\n")
    let expected = try Reference.open("prior").doubles("/log_density").values
    try #require(table.count == expected.count + 1)
    for (line, value) in zip(table.dropFirst(), expected) {
      let found = try #require(Double(line.split(separator: ",")[1]))
      // The published moments are rounded to float32, ours are not.
      #expect(abs(found - value) <= 1e-4 * abs(value))
    }
  }
}
