import FXParams
import Inference
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing
import Workflows

@Suite("Studies of equivariance as a library")
struct EquivarianceStudyTests {
  /// Two peak filters that may be exchanged.
  private static let chain = ChainDescription(
    series: (1...2).map {
      .biquad(BiquadBand(name: "bell \($0)", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20)))
    }, sends: [], hasCrossSends: false, hasDirectPan: false)

  private func study() throws -> EquivarianceStudy {
    var source = RandomSource(seed: 4)
    let count = Self.chain.parameterSpace.count
    let rows = (0..<6).map { _ in (0..<count).map { _ in source.nextNormal() } }
    var study = EquivarianceStudy(of: PresetCollection(chain: Self.chain, theta: Matrix(rows: rows)))
    (study.renderedCount, study.searchedCount, study.directionCount) = (3, 1, 2)
    return study
  }

  @Test("Bands that may be exchanged are found, and a prior that tells them apart is told of")
  func exchangeIsFound() throws {
    var study = try study()
    var mean = [Double](repeating: 0, count: Self.chain.parameterSpace.count)
    mean[0] = 2
    study.prior = try Prior(chain: Self.chain, mean: mean, covariance: .identity(mean.count))
    let monitor = RecordingMonitor()
    let found = try study.run(monitor: monitor)
    let exchange = try #require(found.diagnosis.findings.first { $0.name.contains("bell 1") })
    // Exchanged filters are the same filter but for rounding.
    #expect(exchange.applies == 6 && (exchange.relativeError?.highest ?? 1) < 1e-4)
    #expect(exchange.logDensityChange.map { max(abs($0.lowest), abs($0.highest)) > 0.1 } == true)
    #expect(found.canonical.presets == 6 && !found.directions.isEmpty)
    #expect(monitor.steps == 4 && monitor.finished == 2)
    study.threads = 2
    let threaded = try study.run()
    #expect(threaded.directions.map(\.measuredLength) == found.directions.map(\.measuredLength))
  }

  @Test("A search is left out on request, and work stops between its parts")
  func partsAreOptional() throws {
    var study = try study()
    #expect(throws: InterruptedError.self) { try study.run(monitor: RecordingMonitor(cancellingAfter: 1)) }
    study.searchedCount = 0
    #expect(try study.run().directions.isEmpty)
  }
}
