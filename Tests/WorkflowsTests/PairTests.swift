import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing
import Workflows

@Suite("Pairs and conditional fits as a library")
struct PairTests {
  private func simulation(_ folder: borrowing Scratch) throws -> PairSimulation {
    let paths = try Material.store(in: folder, seconds: 3)
    let dry = try DrySegments([paths.dry], sampleRate: Material.sampleRate, segmentSeconds: 0.5)
    var simulation = PairSimulation(prior: try Material.prior(), dry: dry)
    (simulation.count, simulation.segmentCount, simulation.seed) = (6, 2, 5)
    return simulation
  }

  @Test("Pairs do not depend on threads, and are those of the renderer")
  func pairsAreThoseOfTheRenderer() throws {
    let folder = try Scratch()
    var simulation = try simulation(folder)
    let pairs = try simulation.run()
    simulation.threads = 2
    let threaded = try simulation.run()
    #expect(threaded.theta == pairs.theta && threaded.features == pairs.features)
    #expect(pairs.count == 6 && pairs.featureNames?.count == 200 && pairs.featureRecord == simulation.record)
    #expect(try pairs.theta == Material.prior().samples(6, seed: 5, threads: 1))
    #expect(Set((0..<6).compactMap { pairs.features?.row($0) }).count == 6)
  }

  @Test("A checkpoint goes on, and is refused by other work")
  func checkpointGoesOn() throws {
    let folder = try Scratch()
    var simulation = try simulation(folder)
    let whole = try simulation.run()
    let path = folder.file("checkpoint.h5")
    let stopped = #expect(throws: InterruptedError.self) {
      try simulation.run(checkpoint: path, monitor: RecordingMonitor(cancellingAfter: 2))
    }
    #expect(stopped?.remedy == InterruptedError.Remedy.none && stopped?.description.contains("2 of 6") == true)
    let monitor = RecordingMonitor()
    let resumed = try simulation.run(checkpoint: path, monitor: monitor)
    #expect(resumed.theta == whole.theta && resumed.features == whole.features)
    #expect(monitor.steps == 4 && monitor.messages.contains { $0.contains("going on after 2 of 6") })
    simulation.seed = 6
    let refused = #expect(throws: WorkflowError.self) { try simulation.run(checkpoint: path) }
    #expect(refused?.code == .unusableState)
    let lost = #expect(throws: InterruptedError.self) { try simulation.run(monitor: QuietMonitor { true }) }
    #expect(lost?.remedy == .checkpoint)
  }

  @Test("A recording shorter than a segment is refused")
  func shortRecordingIsRefused() throws {
    let folder = try Scratch()
    let paths = try Material.store(in: folder)
    let error = #expect(throws: WorkflowError.self) {
      try DrySegments([paths.dry], sampleRate: Material.sampleRate, segmentSeconds: 2)
    }
    #expect(error?.code == .unsuitableRecording && error?.description.contains("1 s") == true)
  }

  // MARK: - Conditional fits

  /// Presets whose first logit follows the first of six features, or that belong to other features.
  private func presets(shuffled: Bool) -> PresetCollection {
    var source = RandomSource(seed: 6)
    var (rows, features) = ([[Double]](), [[Double]]())
    for _ in 0..<90 {
      let x = (0..<6).map { _ in source.nextNormal() }
      rows.append([2 * x[0] + 0.3 * source.nextNormal()] + (0..<3).map { _ in source.nextNormal() })
      features.append(x)
    }
    if shuffled { features.shuffle(using: &source) }
    return PresetCollection(
      chain: Material.chain, theta: Matrix(rows: rows), features: Matrix(rows: features),
      featureNames: (0..<6).map { "mfcc.mid.\($0)" })
  }

  @Test("Features that help give a conditional prior, others an unconditional one", arguments: [false, true])
  func featuresAreJudged(shuffled: Bool) throws {
    let fitters = try ["linear-gaussian", "reduced-rank"].map {
      try ConditionalCatalogue.fitter(named: $0, candidates: [2, 4])
    }
    let monitor = RecordingMonitor()
    let result = try ConditionalFit(presets(shuffled: shuffled), path: "pairs.h5", fitters: fitters)
      .run(monitor: monitor)
    #expect(result.verdict.helps == !shuffled && monitor.steps == 20)
    switch result.prior {
    case .conditional(let prior):
      #expect(!shuffled && prior.record?.evidence.contains("The features help") == true)
    case .unconditional(let prior):
      #expect(shuffled && prior.record?.evidence.contains("do not help") == true)
    }
  }

  @Test("What is given must be of use, and must be given where it is needed")
  func conditionsAreChecked() throws {
    let folder = try Scratch()
    let (plain, conditional) = (folder.file("p.h5"), folder.file("c.h5"))
    let provenance = try Provenance(arguments: ["test"])
    try PriorFile.write(Material.prior(), to: plain, provenance: provenance, overwrite: false)
    let pairs = presets(shuffled: false)
    let fitter = try ConditionalCatalogue.fitter(named: "linear-gaussian", candidates: [2])
    try ConditionalPriorFile.write(
      fitter.fit(pairs, path: "pairs.h5"), to: conditional, provenance: provenance, overwrite: false)
    let needless = #expect(throws: WorkflowError.self) {
      try GivenFeatures(recordings: ["voice.wav"]).prior(at: plain)
    }
    #expect(needless?.code == .needlessCondition)
    let missing = #expect(throws: WorkflowError.self) { try GivenFeatures().prior(at: conditional) }
    #expect(missing?.code == .missingCondition)
    let file = folder.file("pairs.h5")
    try PresetFile.write(pairs, to: file, provenance: provenance, overwrite: false)
    let given = try GivenFeatures(features: file, row: 3).prior(at: conditional)
    #expect(
      given.mean == (try ConditionalPriorFile.read(conditional).prior(given: pairs.features?.row(3) ?? []).mean))
    #expect(throws: WorkflowError.self) { try GivenFeatures(features: file, row: 90).prior(at: conditional) }
  }
}
