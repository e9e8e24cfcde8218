import FXParams
import Foundation
import Inference
import NumericCore
import PresetStore
import PriorKit
import Testing

@Suite("Diagnosis of equivariance")
struct EquivarianceDiagnosisTests {
  private var presets: PresetCollection {
    var source = RandomSource(seed: 6)
    let chain = SensitivitySearchTests.chain
    let dimension = chain.parameterSpace.count
    let values = (0..<40 * dimension).map { _ in 0.7 * source.nextNormal() }
    return PresetCollection(chain: chain, theta: Matrix(rows: 40, columns: dimension, values: values))
  }

  @Test("exact symmetries are silent, approximate ones bounded, and a prior that breaks them is told")
  func findings() throws {
    var presets = presets
    let space = presets.chain.parameterSpace
    let gain = try #require(space.index(of: "first.gain"))
    for row in 0..<20 { presets.theta[row, gain] = 0.02 }
    let prior = try DiagonalEstimator().fit(presets)
    let diagnosis = try EquivarianceDiagnosis(
      of: presets, prior: prior, sound: .probe(of: presets.chain), renderedCount: 6, seed: 1, threads: 2)
    #expect(diagnosis.presets == 40)
    func finding(_ name: String) throws -> EquivarianceDiagnosis.Finding {
      try #require(diagnosis.findings.first { $0.name == name }, "\(diagnosis.findings.map(\.name))")
    }
    for finding in diagnosis.findings where finding.kind != .approximate && finding.rendered > 0 {
      #expect((finding.relativeError?.highest ?? 1) < 1e-8, "\(finding.name)")
      #expect((finding.largestBandDB?.highest ?? 1) < 1e-6, "\(finding.name)")
    }
    let sign = try finding("reverb sign of line 1")
    #expect(sign.applies == 40 && sign.rendered == 6)
    #expect(abs(sign.logDensityChange?.median ?? 0) > 1e-3)
    #expect(try finding("mirror").effect == .mirrored)
    let inactive = try finding("first inactive")
    #expect(inactive.applies >= 20 && inactive.criterion == ["first.gain within 0.1 dB of 0"])
    #expect((inactive.largestBandDB?.highest ?? 1) < 0.1 && (inactive.relativeError?.highest ?? 0) > 1e-6)
    let drawn = try #require(diagnosis.findings.last)
    #expect(drawn.name == "random element of the exact group" && drawn.applies == 40)
  }

  @Test("does not depend on threads, and hears an audio's embeddings")
  func recording() throws {
    let presets = presets
    let dry = ProbeSignal.bursts(sampleRate: 16_000, seconds: 0.5).map { Float($0) }
    let sound = EquivarianceDiagnosis.Sound.recording(dry, name: "a.wav", chain: presets.chain)
    let runs = try [1, 2].map {
      try EquivarianceDiagnosis(of: presets, prior: nil, sound: sound, renderedCount: 3, seed: 2, threads: $0)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(try encoder.encode(runs[0]) == encoder.encode(runs[1]))
    let sign = try #require(runs[0].findings.first { $0.name == "reverb sign of line 2" })
    #expect((sign.embeddingAngle["mfcc"]?.highest ?? 1) < 1e-6)
    #expect(Set(sign.embeddingAngle.keys) == ["mfcc", "mir"])
  }
}
