import Distributions
import FXParams
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite struct PriorFileTests {
  /// A Gaussian with correlations over the chain of the sample presets.
  private func prior() throws -> Prior {
    let chain = PresetCollection.sample().chain
    let count = chain.parameterSpace.count
    var covariance = Matrix(rows: count, columns: count)
    for row in 0..<count {
      for column in 0..<count { covariance[row, column] = pow(0.5, Double(abs(row - column))) }
    }
    return try Prior(chain: chain, mean: (0..<count).map { sin(Double($0)) }, covariance: covariance)
  }

  @Test func gaussianSurvivesBitForBit() throws {
    let scratch = try Scratch()
    let path = scratch.file("prior.h5")
    let prior = try prior()
    try PriorFile.write(
      prior, to: path, provenance: Provenance(arguments: ["priorkit", "fit"], seed: 3), overwrite: false)
    let back = try PriorFile.read(path)
    #expect(back.chain == prior.chain && back.mean == prior.mean)
    #expect(try #require(back.gaussian).covariance == #require(prior.gaussian).covariance)
    let theta = [Double](repeating: 0.3, count: prior.mean.count)
    #expect(back.logDensity(at: theta) == prior.logDensity(at: theta))
    #expect(try Provenance(ofFile: path).seed == 3)
    expectDataError(.wrongKind, "a prior, not presets") { _ = try PresetFile.read(path) }
  }

  @Test func recordSurvives() throws {
    let scratch = try Scratch()
    var fitted = try prior()
    for (index, parameters) in [[], [FitRecord.Hyperparameter("shrinkage", 0.1), .init("factors", 8)]].enumerated()
    {
      fitted.record = FitRecord(
        estimator: "oas", hyperparameters: parameters, presetCount: 365, effectivePresetCount: 300.25,
        evidence: "best of 3, é")
      let path = scratch.file("prior\(index).h5")
      try PriorFile.write(fitted, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
      #expect(try PriorFile.read(path).record == fitted.record)
    }
  }

  /// Arrays over the parameters stand over their names, with units; others have no scales.
  @Test func dimensionsAreNamed() throws {
    let scratch = try Scratch()
    let path = scratch.file("prior.h5")
    var prior = try prior()
    prior.record = FitRecord(
      estimator: "oas", hyperparameters: [.init("shrinkage", 0.1)], presetCount: 5, effectivePresetCount: 5)
    try PriorFile.write(prior, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
    let file = try HDF5Reader(path: path)
    for name in ["/names", "/column_names", "/fit/hyperparameter_names"] {
      #expect(try file.text(attribute: "CLASS", of: name) == "DIMENSION_SCALE")
    }
    for name in ["/mean", "/covariance", "/units", "/fit/hyperparameters"] {
      #expect(file.contains(attribute: "DIMENSION_LIST", of: name), "\(name)")
    }
    #expect(try file.text(attribute: "units", of: "/mean") == "logit")
    #expect(try file.strings(attribute: "parameter_units", of: "/names") == file.strings("/units"))

    let mixture = try MultivariateNormal(mean: prior.mean, covariance: #require(prior.gaussian).covariance)
    let pair = try Prior(
      chain: prior.chain,
      distribution: GaussianMixture(weights: [0.5, 0.5], components: [mixture, mixture]))
    try PriorFile.write(pair, to: path, provenance: Provenance(arguments: ["test"]), overwrite: true)
    let other = try HDF5Reader(path: path)
    #expect(other.contains(attribute: "DIMENSION_LIST", of: "/component/1/covariance"))
    #expect(!other.contains(attribute: "DIMENSION_LIST", of: "/weights"))
    #expect(try PriorFile.read(path).logDensity(at: prior.mean) == pair.logDensity(at: prior.mean))
  }

  /// Whatever the family, a file gives the same log densities, scores and draws.
  @Test func fittedPriorSurvivesBitForBit() throws {
    let scratch = try Scratch()
    let path = scratch.file("prior.h5")
    let prior = try BlockShrinkageEstimator().fit(.sample(count: 60))
    try PriorFile.write(prior, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
    let back = try PriorFile.read(path)
    let theta = prior.samples(4, seed: 9)
    #expect(
      back.samples(4, seed: 9) == theta && back.logDensities(ofRows: theta) == prior.logDensities(ofRows: theta))
    #expect(back.record == prior.record && back.chain == prior.chain)
  }

  @Test func everythingThatCanBeWrongIsNamed() throws {
    let scratch = try Scratch()
    let path = scratch.file("prior.h5")
    let sample = try prior()
    let count = sample.mean.count
    let own = try #require(sample.gaussian).covariance
    func write(
      family: String = "gaussian", mean: [Double]? = nil, covariance: Matrix? = nil
    ) throws {
      try HDF5Writer.create(path, overwrite: true) { writer in
        try writer.set("prior", attribute: "priorkit_kind")
        try writer.set(1, attribute: "priorkit_version")
        try writer.set(family, attribute: "family")
        try writer.write(sample.chain.yaml(), to: "/parameter_space")
        try writer.write(sample.space.names, to: "/names")
        let mean = mean ?? sample.mean
        let covariance = covariance ?? own
        try writer.write(mean, shape: [mean.count], to: "/mean")
        try writer.write(covariance.values, shape: [covariance.rows, covariance.columns], to: "/covariance")
      }
    }
    func expect(
      _ code: DataError.Code, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      expectDataError(code, path, text, sourceLocation: sourceLocation) { _ = try PriorFile.read(path) }
    }
    try write(family: "oracle")
    expect(.wrongKind, "family oracle")
    try write(mean: [1])
    expect(.wrongShape, "/mean")
    try write(covariance: Matrix(rows: 2, columns: count))
    expect(.wrongShape, "/covariance")
    var mean = sample.mean
    mean[4] = .nan
    try write(mean: mean)
    expect(.invalidValue, sample.space.names[4])
    var covariance = own
    covariance[2, 5] = .infinity
    try write(covariance: covariance)
    expect(.invalidValue, "row 2")
    try write(covariance: Matrix(rows: count, columns: count))
    #expect(throws: PriorError.self) { try PriorFile.read(path) }
  }
}
