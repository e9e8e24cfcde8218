import Foundation
import Inference
import NumericCore
import TestSupport
import Testing
import Workflows

@Suite("Draws of posteriors as a library")
struct PosteriorSamplingTests {
  private func logs(_ folder: borrowing Scratch, isResuming: Bool = false) -> MarkovChainLogs {
    MarkovChainLogs(folder: folder.file("chains"), problem: "p", isResuming: isResuming)
  }

  private func settings(_ method: PosteriorSettings.Method) -> PosteriorSettings {
    var settings = PosteriorSettings()
    settings.method = method
    (settings.chains, settings.draws, settings.warmUp) = (2, 20, method.isApproximate ? 0 : 10)
    return settings
  }

  @Test("Every sampler draws as many as asked for, and says how", arguments: PosteriorSettings.Method.allCases)
  func everySamplerDraws(method: PosteriorSettings.Method) throws {
    let folder = try Scratch()
    let paths = try Material.store(in: folder)
    let problem = try StyleProblem(prior: Material.prior(), references: [paths.wet], inputs: [paths.dry])
    let draws = try PosteriorSampling(PosteriorTarget(problem), settings: settings(method)).run(logs: logs(folder))
    #expect(draws.chains.count == 2 && draws.drawCount == 20)
    #expect(draws.chains.allSatisfy { $0.logits.values.allSatisfy(\.isFinite) })
    #expect(draws.sampler == method.rawValue && draws.settings["encoder"] == "mfcc" && draws.alpha == 0.1)
    #expect(draws.observed["mid"]?.count == 100 && draws.priorDraws?.rows == 40)
  }

  @Test("Draws of a prior alone have its moments")
  func priorAloneHasItsMoments() throws {
    let folder = try Scratch()
    var settings = settings(.ess)
    (settings.draws, settings.chains) = (1000, 4)
    let prior = try Material.prior()
    let draws = try PosteriorSampling(PosteriorTarget(priorAlone: prior), settings: settings).run(
      logs: logs(folder))
    let values = draws.chains.flatMap { $0.logits.column(0) }
    // Elliptical slices under a flat likelihood are autoregressive: of 4000 draws at least some hundreds count.
    // Five standard errors of 400 are 0.25 for the mean and 0.36 for the variance.
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    #expect(abs(mean) < 0.25 && abs(variance - 1) < 0.36)
    #expect(draws.alpha == 0 && draws.observed.isEmpty && draws.settings["encoder"] == nil)
  }

  @Test("An interrupted run goes on, bit for bit")
  func interruptedRunGoesOn() throws {
    let folder = try Scratch()
    let sampling = PosteriorSampling(PosteriorTarget(priorAlone: try Material.prior()), settings: settings(.nuts))
    let whole = try sampling.run(logs: logs(folder))
    logs(folder).remove()
    let error = #expect(throws: InterruptedError.self) {
      try sampling.run(logs: logs(folder), monitor: RecordingMonitor(cancellingAfter: 7))
    }
    #expect(error?.remedy == .resume && error?.description.contains("chains") == true)
    let monitor = RecordingMonitor()
    let resumed = try sampling.run(logs: logs(folder, isResuming: true), monitor: monitor)
    #expect(resumed.chains == whole.chains)
    #expect(monitor.steps < 60)
  }

  @Test("A weight of 0 leaves no posterior")
  func weightIsPositive() throws {
    let folder = try Scratch()
    let paths = try Material.store(in: folder)
    var style = StyleSettings()
    style.alpha = 0
    let problem = try StyleProblem(
      prior: Material.prior(), references: [paths.wet], inputs: [paths.dry], settings: style)
    let error = #expect(throws: WorkflowError.self) { try PosteriorTarget(problem) }
    #expect(error?.description.contains("1/N_eff") == true)
  }
}
