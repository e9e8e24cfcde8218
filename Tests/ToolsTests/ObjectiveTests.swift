import AudioFiles
import FXParams
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// The file that `objective` writes.
@Suite("priorkit objective")
struct ObjectiveTests {
  private func arguments(_ output: String, _ more: String...) -> [String] {
    [
      "objective", "--prior", "prior.h5", "--presets", "presets.h5", "--row", "7", "--alpha", "0.1",
      "--dry", "dry.wav", "--reference", "reference.wav", "-o", output,
    ] + more
  }

  private func workspace(seconds: Double = 1.5) throws -> Workspace {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.storeVoice(seconds: seconds)
    return workspace
  }

  @Test(arguments: zip(["mfcc", "mir"], [100, 24]))
  func fileHoldsValuesGradientsAndEmbeddings(encoder: String, features: Int) throws {
    let workspace = try workspace()
    let result = try workspace.succeed(arguments("o.h5", "--encoder", encoder, "--segment-seconds", "0.7"))
    #expect(result.standardError.contains("the last 0.1 s, shorter than a segment, are left out"))
    let file = try workspace.open("o.h5")
    for name in ["/log_likelihood", "/log_prior", "/loss"] { #expect(try file.shape(of: name) == []) }
    func scalar(_ name: String) throws -> Double { try file.doubles(name).values[0] }
    #expect(abs(try scalar("/loss") + scalar("/log_likelihood") + 0.1 * scalar("/log_prior")) < 1e-9)
    for name in ["/gradient/log_likelihood", "/gradient/log_prior"] {
      let gradient = try file.doubles(name)
      #expect(gradient.shape == [130] && gradient.values.contains { $0 != 0 }, "\(name)")
    }
    // The rows of two segments, each of unit length.
    for name in ["/embedding/mid", "/embedding/side"] {
      let embedding = try file.doubles(name)
      #expect(embedding.shape == [2, features])
      for row in 0..<2 {
        let squares = embedding.values[row * features..<(row + 1) * features].reduce(0) { $0 + $1 * $1 }
        #expect(abs(squares - 1) < 1e-5)
      }
    }
    let prior = try PriorFile.read(workspace.path("prior.h5"))
    let theta = try PresetFile.read(workspace.path("presets.h5")).theta.row(7)
    // Two processes may solve with the kernels of different processors, and the covariance is not well conditioned.
    let logPrior = prior.logDensity(at: theta)
    #expect((try scalar("/log_prior") - logPrior).magnitude <= 1e-10 * (1 + logPrior.magnitude))
  }

  @Test func shortFileIsOneSegment() throws {
    let workspace = try workspace()
    try workspace.succeed(arguments("o.h5"))
    #expect(try workspace.open("o.h5").shape(of: "/embedding/mid") == [1, 100])
  }

  @Test func threadsDoNotChangeTheResult() throws {
    let workspace = try workspace()
    for threads in ["1", "2"] {
      try workspace.succeed(arguments("o\(threads).h5", "--threads", threads, "--segment-seconds", "0.5"))
    }
    let (one, two) = (try workspace.open("o1.h5"), try workspace.open("o2.h5"))
    for name in ["/loss", "/gradient/log_likelihood", "/embedding/mid", "/embedding/side"] {
      #expect(try one.doubles(name).values == two.doubles(name).values, "\(name)")
    }
  }

  /// Levels matter to the compressor, and are only kept on request.
  @Test func loudnessIsNormalisedUnlessToldNotTo() throws {
    let workspace = try workspace()
    let quiet = try workspace.audio("dry.wav").scaled(by: 0.25)
    try workspace.store(quiet, as: "quiet.wav")
    func loss(_ input: String, _ more: String...) throws -> Double {
      try workspace.succeed(
        [
          "objective", "--prior", "prior.h5", "--presets", "presets.h5", "--dry", input, "--reference",
          "reference.wav", "-o", "o.h5", "--force",
        ] + more)
      return try workspace.open("o.h5").doubles("/loss").values[0]
    }
    #expect(abs(try loss("dry.wav") - loss("quiet.wav")) < 1e-4)
    #expect(abs(try loss("dry.wav", "--no-loudness") - loss("quiet.wav", "--no-loudness")) > 1e-3)
  }
}

/// The command against the authors' code, through files.
@Suite(
  "priorkit objective on the reference arrays",
  .enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
struct ObjectiveReferenceTests {
  @Test(arguments: ["mfcc", "mir"]) func agrees(encoder: String) throws {
    let workspace = try Workspace()
    let reference = try Reference.open("objective")
    let published = try Reference.open("prior")
    let mean = try published.doubles("/mean").values
    let prior = try Prior(
      chain: .diffVox, mean: mean,
      covariance: Matrix(rows: 130, columns: 130, values: published.doubles("/cov").values))
    let provenance = try Provenance(arguments: ["test"])
    try PriorFile.write(prior, to: workspace.path("prior.h5"), provenance: provenance, overwrite: false)
    let points = ["mean", "p1", "p2"]
    let rows = try points.map { try reference.doubles("/\(encoder)/\($0)/theta").values }
    try PresetFile.write(
      PresetCollection(chain: .diffVox, theta: Matrix(rows: rows)), to: workspace.path("presets.h5"),
      provenance: provenance, overwrite: false)

    let (raw, wet) = (try reference.doubles("/raw"), try reference.doubles("/reference"))
    let frames = raw.shape[1]
    func channel(_ values: [Double], _ index: Int) -> [Float] {
      values[index * frames..<(index + 1) * frames].map(Float.init)
    }
    var files: [String] = []
    for segment in 0..<2 {
      try workspace.store(
        AudioBuffer(channels: [channel(raw.values, segment)], sampleRate: 44_100), as: "dry-\(segment).wav")
      try workspace.store(
        AudioBuffer(
          channels: [channel(wet.values, 2 * segment), channel(wet.values, 2 * segment + 1)], sampleRate: 44_100),
        as: "wet-\(segment).wav")
      files += ["--dry", "dry-\(segment).wav", "--reference", "wet-\(segment).wav"]
    }

    for (row, point) in points.enumerated() {
      try workspace.succeed(
        [
          "objective", "--prior", "prior.h5", "--presets", "presets.h5", "--row", "\(row)", "--encoder", encoder,
          "--alpha", "0.1", "--no-loudness", "-o", "o-\(row).h5",
        ] + files)
      let found = try workspace.open("o-\(row).h5")
      let path = "/\(encoder)/\(point)"
      func error(_ name: String, _ attribute: String) throws -> Double {
        abs(try found.doubles(name).values[0] - reference.double(attribute: attribute, of: path))
      }
      #expect(try error("/log_likelihood", "log_likelihood") <= 1e-3)
      #expect(try error("/loss", "loss_alpha_0p1") <= 1e-3)
      #expect(try error("/log_prior", "log_prior") <= 1e-4)
      for name in ["mid", "side"] {
        let embedding = try found.doubles("/embedding/\(name)").values
        #expect(largestDifference(embedding, try reference.doubles("\(path)/\(name)").values) <= 1e-4)
      }
      let gradient = try found.doubles("/gradient/log_likelihood").values
      #expect(relativeNormError(gradient, try reference.doubles("\(path)/gradient_log_likelihood").values) <= 5e-4)
    }
  }
}
