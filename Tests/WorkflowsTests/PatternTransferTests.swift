import AudioFiles
import FXChain
import FXParams
import Foundation
import Inference
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing
import Workflows

@Suite("Transfers over presets of varying shape")
struct PatternTransferTests {
  /// A peak, panned, with a short delay that a preset may lack.
  private static let chain: ChainDescription = {
    var chain = Material.chain
    var delay = PingPongDelay(name: "delay")
    delay.responseSeconds = 2
    chain.sends = [.pingPongDelay(delay)]
    chain.optionalEffects = ["delay"]
    return chain
  }()

  private static let with = ChainPattern(present: [true])
  private static let without = ChainPattern(present: [false])

  private static func prior(delay probability: Double) throws -> Prior {
    var prior = try Material.prior(chain)
    prior.patterns = try PatternDistribution(patterns: [with, without], masses: [probability, 1 - probability])
    return prior
  }

  /// A vocal and the same through a pattern of the chain, all logits 0 but those named.
  private func transfer(
    _ folder: borrowing Scratch, through pattern: ChainPattern, delay probability: Double, steps: Int
  ) throws -> StyleTransfer {
    let paths = try Material.store(in: folder, seconds: 2)
    let variant = Self.chain.variant(pattern)
    var logits = [Double](repeating: 0, count: variant.positions.count)
    logits[0] = 1
    let voice = try AudioReader.read(path: paths.dry).channels[0]
    let renderer = ChainRenderer<Float>(variant.chain, segments: [voice])
    renderer.render(logits: logits)
    let output = renderer.output(of: 0)
    let channels = [output.left, output.right].map { buffer in (0..<voice.count).map { buffer[$0] } }
    let wet = folder.file("reference.wav")
    // A little off the centre: a reference must have a stereo image.
    try AudioWriter.write(
      AudioBuffer(channels: [channels[0].map { 0.9 * $0 }, channels[1]], sampleRate: Material.sampleRate),
      path: wet,
      format: .waveFloat32)
    var transfer = try StyleTransfer(prior: Self.prior(delay: probability), reference: wet, dry: paths.dry)
    transfer.stepLimit = steps
    return transfer
  }

  @Test("The pattern that the reference was made with wins", arguments: [true, false])
  func patternOfTheReferenceWins(hasDelay: Bool) throws {
    let folder = try Scratch()
    let truth = hasDelay ? Self.with : Self.without
    let transfer = try transfer(folder, through: truth, delay: 0.5, steps: 40)
    let found = try PatternTransfer(transfer, limit: 4).run()
    #expect(found.trials.map(\.pattern) == [Self.with, Self.without])
    #expect(found.result.whole?.pattern == truth)
    #expect(
      found.result.chain == Self.chain.variant(truth).chain && found.problem.prior.chain == found.result.chain)
    #expect(found.trials.map(\.merit).max() == found.trials.first { $0.pattern == truth }?.merit)
    // The preset is one of the whole chain, with its pattern.
    let presets = found.result.presets
    #expect(presets.chain == Self.chain && presets.pattern(of: 0) == truth)
    #expect(presets.theta.row(0).contains { $0.isNaN } == !hasDelay)
    let path = folder.file("preset.h5")
    try PresetFile.write(presets, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
    #expect(try PresetFile.read(path, acceptsVaryingShape: true).pattern(of: 0) == truth)
  }

  @Test("Each pattern is a transfer of its own, bit for bit")
  func patternIsATransferOfItsOwn() throws {
    let folder = try Scratch()
    let transfer = try transfer(folder, through: Self.without, delay: 0.1, steps: 5)
    let one = try PatternTransfer(transfer, limit: 1).run()
    #expect(one.trials.map(\.pattern) == [Self.without])
    var own = transfer
    own.problem = try StyleProblem(
      prior: transfer.problem.prior.ofPattern(Self.without), references: [folder.file("reference.wav")],
      inputs: [folder.file("dry.wav")])
    #expect(try own.run().point == one.result.point)
  }

  @Test("No more patterns are tried than cover most presets")
  func coverageEndsTheSearch() throws {
    let folder = try Scratch()
    let transfer = try transfer(folder, through: Self.with, delay: 0.96, steps: 2)
    #expect(try PatternTransfer(transfer, limit: 4).candidates().map(\.pattern) == [Self.with])
    var plain = transfer
    plain.problem = try StyleProblem(
      prior: Material.prior(Self.chain), references: [folder.file("reference.wav")],
      inputs: [folder.file("dry.wav")])
    #expect(throws: PatternError.oneShape) { try PatternTransfer(plain, limit: 4).candidates() }
  }

  @Test("An interrupted search goes on in the pattern that it left, bit for bit")
  func interruptedSearchGoesOn() throws {
    let folder = try Scratch()
    let transfer = try transfer(folder, through: Self.with, delay: 0.6, steps: 4)
    let search = PatternTransfer(transfer, limit: 2)
    let whole = try search.run()
    let place = folder.file("out")
    #expect(throws: InterruptedError.self) {
      try search.run(
        states: TransferStates(in: place, problem: "p"), monitor: RecordingMonitor(cancellingAfter: 6))
    }
    let resumed = RecordingMonitor()
    let found = try search.run(
      states: TransferStates(in: place, problem: "p", isResuming: true), monitor: resumed)
    #expect(found.result.point == whole.result.point && found.trials.map(\.merit) == whole.trials.map(\.merit))
    #expect(resumed.steps == 2 && found.stateCount == 2)
  }
}
