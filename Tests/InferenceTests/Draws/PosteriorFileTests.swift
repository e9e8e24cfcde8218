import FXParams
import Foundation
import HDF5Store
import Inference
import NumericCore
import PresetStore
import TestSupport
import Testing

@Suite struct PosteriorFileTests {
  private func withPath(_ body: (String) throws -> Void) throws {
    let scratch = try Scratch()
    try body(scratch.file("draws.nc"))
  }

  private func write(_ draws: PosteriorDraws, to path: String, force: Bool = false) throws {
    try PosteriorFile.write(draws, to: path, force: force, provenance: Provenance(arguments: ["test"], seed: 3))
  }

  @Test func drawsComeBackToTheLastBit() throws {
    let draws = try ExamplePosterior.draws(draws: 20, warmUp: 5)
    try withPath { path in
      try write(draws, to: path)
      #expect(try PosteriorFile.read(path) == draws)
      #expect(try PosteriorFile.provenance(path).seed == 3)
    }
  }

  @Test func fixedParametersComeBack() throws {
    let draws = try ExamplePosterior.draws(draws: 6).fixing([1, 70])
    try withPath { path in
      try write(draws, to: path)
      let found = try PosteriorFile.read(path)
      #expect(found == draws && found.pinnedPositions == [1, 70] && found.freePositions.count == 128)
    }
  }

  @Test func oneDrawOfOneChainIsKept() throws {
    var draws = try ExamplePosterior.draws(chains: 1, draws: 1, warmUp: 0)
    (draws.priorDraws, draws.observed, draws.settings, draws.lossTraces) = (nil, [:], [:], [])
    draws.paretoShape = nil
    draws.chains[0].statistics = [:]
    try withPath { path in
      try write(draws, to: path)
      #expect(try PosteriorFile.read(path) == draws)
    }
  }

  // MARK: - Layout

  @Test func variablesAreNamedByEffectWithUnits() throws {
    let draws = try ExamplePosterior.draws(draws: 6)
    try withPath { path in
      try write(draws, to: path)
      let file = try HDF5Reader(path: path)
      #expect(try file.shape(of: "/posterior/peak1.gain") == [4, 6])
      #expect(try file.text(attribute: "units", of: "/posterior/peak1.frequency") == "Hz")
      #expect(try file.shape(of: "/posterior/reverb.gamma") == [4, 6, 49])
      #expect(try file.strings("/posterior/reverb.w.index").prefix(2) == ["1.2", "1.3"])
      let space = draws.chain.parameterSpace
      let index = try #require(space.index(of: "reverb.gamma.7"))
      let stored = try file.doubles("/posterior/reverb.gamma").values
      let values = space.values(ofLogits: draws.chains[2].logits.row(3))
      #expect(stored[(2 * 6 + 3) * 49 + 6] == values[index])
      let groups = try file.children()
      for name in [
        "posterior", "unconstrained_posterior", "sample_stats", "log_prior", "log_likelihood", "prior",
        "observed_data",
      ] { #expect(groups.contains(name), "\(name)") }
    }
  }

  @Test func everyDimensionIsAScaleOfItsOwnGroup() throws {
    try withPath { path in
      try write(ExamplePosterior.draws(draws: 6), to: path)
      let file = try HDF5Reader(path: path)
      for group in try file.children() where group != "parameter_space" {
        for name in try file.children(of: "/" + group) where name != "parameter_space" {
          let object = "/\(group)/\(name)"
          #expect(file.contains(attribute: "_Netcdf4Coordinates", of: object), "\(object)")
          let isScale = file.contains(attribute: "CLASS", of: object)
          #expect(isScale != file.contains(attribute: "DIMENSION_LIST", of: object), "\(object)")
        }
      }
      #expect(try file.text(attribute: "dtype", of: "/sample_stats/diverging") == "bool")
      #expect(try file.text(attribute: "_NCProperties").hasPrefix("version=2,priorkit="))
    }
  }

  @Test func namesFallIntoVariables() {
    let space = ChainDescription.diffVox.parameterSpace
    let variables = PosteriorVariable.all(of: space)
    #expect(variables.flatMap(\.indices).sorted() == Array(0..<space.count))
    let names = variables.flatMap { variable in
      variable.labels.isEmpty ? [variable.name] : variable.labels.map { variable.name + "." + $0 }
    }
    #expect(names == variables.flatMap(\.indices).map { space.names[$0] })
  }

  // MARK: - Names

  @Test func identifiersAreMappedBack() throws {
    let draws = try ExamplePosterior.draws(draws: 6, warmUp: 3).fixing([1])
    try withPath { path in
      try PosteriorFile.write(
        draws, to: path, force: false, provenance: Provenance(arguments: ["test"]), naming: .identifiers)
      #expect(try PosteriorFile.read(path) == draws)
      let file = try HDF5Reader(path: path)
      for group in try file.children() {
        for name in try file.children(of: "/" + group) {
          #expect(name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil, "\(group)/\(name)")
        }
      }
      for group in ["posterior", "unconstrained_posterior", "prior", "warmup_posterior"] {
        #expect(try file.text(attribute: "long_name", of: "/\(group)/peak1_gain") == "peak1.gain")
        let dimension = "/\(group)/reverb_gamma_index"
        #expect(try file.text(attribute: "long_name", of: dimension) == "reverb.gamma.index")
      }
      #expect(try file.text(attribute: "units", of: "/posterior/peak1_frequency") == "Hz")
    }
  }

  @Test func namesThatBecomeEqualAreNumbered() {
    let names = ["a.b", "a-b", "a_b", "a_b_2", "lambda", "2.x", "draw", "é"]
    let stored = PosteriorNames(names, naming: .identifiers)
    #expect(names.map { stored[$0] } == ["a_b_3", "a_b_4", "a_b", "a_b_2", "lambda_", "_2_x", "draw_2", "_"])
    let kept = PosteriorNames(names, naming: .parameters)
    #expect(names.map { kept[$0] } == names)
  }

  // MARK: - Refusals

  @Test func unsoundDrawsAreRefusedInOneSentence() throws {
    let sound = try ExamplePosterior.draws(draws: 6)
    var cases: [(PosteriorDraws, String)] = []
    var draws = sound
    draws.chains = []
    cases.append((draws, "no draws"))
    draws = sound
    draws.chains[1].logits[2, 3] = .nan
    cases.append((draws, "A logit is nan at draw 2 of chain 1"))
    draws = sound
    draws.chains[0].logPrior[4] = -.infinity
    cases.append((draws, "log prior is -inf at draw 4 of chain 0"))
    draws = sound
    draws.chains[3].statistics["lp"] = nil
    cases.append((draws, "different statistics"))
    draws = sound
    draws.chains[3] = try ExamplePosterior.draws(draws: 5).chains[3]
    cases.append((draws, "6, 6, 6, 5 draws"))
    draws = sound.fixing([2])
    draws.chains[1].logits[3, 2] += 1
    cases.append((draws, "\(draws.chain.parameterSpace.names[2]) is a fixed parameter"))
    for (draws, words) in cases {
      try withPath { path in
        let error = #expect(throws: PosteriorError.self) { try write(draws, to: path) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(!FileManager.default.fileExists(atPath: path))
      }
    }
  }

  @Test func filesOfOtherKindsAreRefused() throws {
    #expect(throws: DataError.self) { try PosteriorFile.read(DefaultData.file("presets.h5").path) }
  }

  @Test func existingFilesNeedForce() throws {
    let draws = try ExamplePosterior.draws(draws: 4, warmUp: 0)
    try withPath { path in
      try write(draws, to: path)
      #expect(throws: (any Error).self) { try write(draws, to: path) }
      try write(draws, to: path, force: true)
    }
  }
}
