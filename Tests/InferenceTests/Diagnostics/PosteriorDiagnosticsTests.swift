import FXParams
import Inference
import NumericCore
import TestSupport
import Testing

@Suite struct PosteriorDiagnosticsTests {
  private func kinds(_ draws: PosteriorDraws) -> [PosteriorDiagnostics.Finding.Kind] {
    PosteriorDiagnostics(draws, threads: 2).findings.map(\.kind)
  }

  @Test func goodDrawsPassAndBadOnesSayWhy() throws {
    var draws = try ExamplePosterior.draws(draws: 500, correlation: 0)
    for index in draws.chains.indices {
      draws.chains[index].statistics[MarkovChainDraws.diverging] = Array(repeating: 0, count: 500)
    }
    #expect(!kinds(draws).contains { $0 != .rHat }, "\(PosteriorDiagnostics(draws).findings)")
    draws.chains[0].statistics[MarkovChainDraws.diverging]?[3] = 1
    draws.paretoShape = 0.9
    // One chain at another place in the first parameter, and one parameter that never moves.
    for row in 0..<500 {
      draws.chains[0].logits[row, 0] += 100
      for chain in draws.chains.indices { draws.chains[chain].logits[row, 1] = 0.5 }
    }
    let diagnostics = PosteriorDiagnostics(draws)
    let found = diagnostics.findings.map(\.kind)
    let expected: [PosteriorDiagnostics.Finding.Kind] = [.constant, .rHat, .divergences, .paretoShape]
    #expect(found.filter { $0 != .tailESS && $0 != .bulkESS } == expected)
    let worst = diagnostics.worstFirst.prefix(2).map(\.name)
    let names = draws.chain.parameterSpace.names
    #expect(worst == [names[1], names[0]])
    #expect(diagnostics.findings.allSatisfy { $0.sentence.hasSuffix(".") })
  }

  /// What the prior fixes is as it must be, and comes last.
  @Test func fixedParametersAreNotJudged() throws {
    var draws = try ExamplePosterior.draws(draws: 200, correlation: 0)
    draws = draws.fixing([0, 7])
    let diagnostics = PosteriorDiagnostics(draws)
    #expect(!diagnostics.findings.contains { $0.kind == .constant })
    #expect(diagnostics.worstFirst.suffix(2).map(\.isFixed) == [true, true] && diagnostics.free.count == 128)
    let bulk = try #require(diagnostics.findings.first { $0.kind == .bulkESS || $0.kind == .rHat })
    #expect(bulk.sentence.contains(" of 128 parameters"))
    // The same draws of parameters that should move.
    draws.pinnedPositions = []
    #expect(PosteriorDiagnostics(draws).findings.contains { $0.kind == .constant })
    draws.pinnedPositions = [0, 7]
    let information = try #require(ParameterInformation.all(in: draws))
    #expect(information.count == 128 && !information.contains { $0.index == 7 })
    #expect(try ParameterSensitivity.all(in: draws).parameters.count == 128)
  }

  @Test func slowChainsAreAskedToRunLonger() throws {
    let findings = PosteriorDiagnostics(try ExamplePosterior.draws(correlation: 0.95)).findings
    let bulk = try #require(findings.first { $0.kind == .bulkESS })
    #expect(bulk.sentence.hasPrefix("130 of 130 parameters have bulk ESS below 400"), "\(bulk.sentence)")
    #expect(bulk.sentence.contains("run longer"))
  }

  @Test func oneDrawAndOneChainHaveAClearOutcome() throws {
    let one = PosteriorDiagnostics(try ExamplePosterior.draws(chains: 1, draws: 1, warmUp: 0))
    #expect(one.findings.map(\.kind) == [.tooFewDraws])
    #expect(one.parameters.count == 130 && one.parameters.allSatisfy { $0.rHat == nil && $0.bulkESS == nil })
    let single = PosteriorDiagnostics(try ExamplePosterior.draws(chains: 1, draws: 100, warmUp: 0))
    #expect(single.parameters.allSatisfy { $0.rHat != nil })
  }

  @Test func resultsDoNotDependOnThreads() throws {
    let draws = try ExamplePosterior.draws(draws: 40)
    #expect(
      PosteriorDiagnostics(draws, threads: 1).parameters == PosteriorDiagnostics(draws, threads: 3).parameters)
  }
}
