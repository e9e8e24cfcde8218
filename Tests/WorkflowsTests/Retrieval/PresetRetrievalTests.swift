import Evaluation
import FXParams
import Foundation
import HDF5Store
import Inference
import NumericCore
import PresetStore
import PriorKit
import Retrieval
import TestSupport
import Testing
import Workflows

/// Presets found from recordings.
@Suite struct PresetRetrievalTests {
  private let chain = RetrievalRecordings.chain

  private func retrieval(
    _ folder: borrowing Scratch, method: RetrievalMethod = .fast, steps: Int
  ) throws -> PresetRetrieval {
    let paths = try RetrievalRecordings.store(in: folder)
    let pair = try RetrievalPair(dry: paths.dry, wet: paths.wet, sampleRate: 44_100)
    var retrieval = PresetRetrieval(pair, chain: chain, method: method)
    retrieval.stepLimit = steps
    return retrieval
  }

  /// The sound is found again, and with it what made it.
  @Test func knownPresetIsFound() throws {
    let folder = try Scratch()
    let found = try retrieval(folder, steps: 80).run()
    #expect(found.loss < 0.2 * found.before.total())
    let space = chain.parameterSpace
    let (values, truth) = (
      space.values(ofLogits: found.logits), space.values(ofLogits: try RetrievalRecordings.truth)
    )
    func difference(_ name: String) throws -> Double {
      let index = try #require(space.index(of: name))
      return abs(values[index] - truth[index])
    }
    #expect(try difference("delay.time") < 0.5)
    // A compressor and a bell can stand for one another to some degree: the echo cannot be anything else.
    #expect(try difference("delay.gain") < 0.1)
    #expect(found.trace.stepCount == 80)
    #expect(found.outcome.result?.best.theta == found.logits)
    #expect(-(found.trace.logLikelihood.max() ?? 0) >= found.loss - 1e-6)
  }

  /// The published schedule steps along surrogates, one coordinate more for each delay.
  @Test func publishedScheduleLowersTheLoss() throws {
    let folder = try Scratch()
    let found = try retrieval(folder, method: .adam(Adam(learningRate: 0.05)), steps: 12).run()
    #expect(found.loss < 0.9 * found.before.total())
    #expect(found.logits.count == chain.parameterSpace.count)
    #expect(found.trace.dimension == found.logits.count + 1)
  }

  /// Interrupted in the first stage, then in the second, and gone on with: bit for bit the same.
  @Test func interruptedRunGoesOn() throws {
    let folder = try Scratch()
    let retrieval = try retrieval(folder, steps: 10)
    let whole = try retrieval.run()
    let place = folder.file("out")
    for (steps, isResuming) in [(3, false), (5, true)] {
      let error = #expect(throws: InterruptedError.self) {
        _ = try retrieval.run(
          states: TransferStates(in: place, problem: "p", isResuming: isResuming),
          monitor: RecordingMonitor(cancellingAfter: steps))
      }
      #expect(error?.remedy == .resume)
    }
    let found = try retrieval.run(states: TransferStates(in: place, problem: "p", isResuming: true))
    #expect(found.logits == whole.logits && found.trace == whole.trace && found.after == whole.after)
  }

  /// The published schedule on batches: what each step draws is that of the step, wherever the run was taken up.
  @Test func interruptedBatchesGoOn() throws {
    let folder = try Scratch()
    let paths = try RetrievalRecordings.store(in: folder, seconds: 4)
    var settings = RetrievalSettings()
    (settings.chunkSeconds, settings.warmUpSeconds) = (1, 0.4)
    let pair = try RetrievalPair(dry: paths.dry, wet: paths.wet, sampleRate: 44_100, settings: settings)
    #expect(pair.chunks.count > 3)
    var retrieval = PresetRetrieval(pair, chain: chain, method: .adam(Adam(learningRate: 0.05)))
    (retrieval.stepLimit, retrieval.batchSize) = (8, 2)
    let whole = try retrieval.run()
    let place = folder.file("out")
    #expect(throws: InterruptedError.self) {
      _ = try retrieval.run(
        states: TransferStates(in: place, problem: "p", isResuming: false),
        monitor: RecordingMonitor(cancellingAfter: 3))
    }
    let found = try retrieval.run(states: TransferStates(in: place, problem: "p", isResuming: true))
    #expect(found.trace == whole.trace && found.logits == whole.logits)
    retrieval.seed = 1
    #expect(try retrieval.run().trace != whole.trace)
  }

  @Test func threadsChangeNothing() throws {
    let folder = try Scratch()
    var retrieval = try retrieval(folder, steps: 4)
    let one = try retrieval.run()
    retrieval.threads = 3
    #expect(try retrieval.run().logits == one.logits)
  }

  /// Near the prior's mean with a heavy prior, and at the pinned value whatever happens.
  @Test func priorHoldsThePreset() throws {
    let folder = try Scratch()
    var retrieval = try retrieval(folder, steps: 20)
    let count = chain.parameterSpace.count
    let prior = try Prior(
      chain: chain, mean: [Double](repeating: 0.2, count: count), covariance: .identity(count))
    retrieval.prior = prior
    retrieval.start = .logits(prior.mean)
    retrieval.alpha = 1000
    retrieval.echoCandidates = 0
    let held = try retrieval.run()
    #expect(held.logits.allSatisfy { abs($0 - 0.2) < 0.05 })
    retrieval.alpha = 0
    #expect(try retrieval.run().loss < held.loss)
  }

  /// Of a collection, the preset that sounds most like the recording.
  @Test func nearestPresetIsTheStart() throws {
    let folder = try Scratch()
    var retrieval = try retrieval(folder, steps: 1)
    let truth = try RetrievalRecordings.truth
    let rows = [[Double](repeating: 1, count: truth.count), truth, [Double](repeating: -1, count: truth.count)]
    retrieval.start = .nearest(
      PresetCollection(
        chain: chain, theta: .init(rows: 3, columns: truth.count, values: rows.flatMap { $0 }),
        labels: ["a", "b", "c"]))
    let monitor = RecordingMonitor()
    let near = try retrieval.run(monitor: monitor).before.total()
    #expect(monitor.messages.contains { $0.contains("begins at preset b") })
    for row in [0, 2] {
      retrieval.start = .logits(rows[row])
      #expect(try retrieval.run().before.total() > near)
    }
  }

  /// The folder has the preset, its report, its trace and the sound; `collect` reads it back and says what it
  /// refuses.
  @Test func foldersAreCollected() throws {
    let folder = try Scratch()
    let retrieval = try retrieval(folder, steps: 6)
    let found = try retrieval.run()
    let provenance = try Provenance(arguments: ["test"], seed: 0)
    for (name, group) in [("one", "song"), ("two", nil)] {
      let report = try RetrievalFolder(folder.file("all/" + name)).write(
        found, of: retrieval.pair, name: name, group: group, provenance: provenance)
      #expect(report.loss == found.loss && report.lagSamples == retrieval.pair.alignment.lag)
    }
    try RetrievalFolder.write(failure: "too quiet", to: folder.file("all/three"))
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.file("all/one")).sorted()
    #expect(files == ["dry.wav", "preset.h5", "preset.json", "reference.wav", "trace.h5", "wet.wav"])
    #expect(try RetrievalReport(folder: folder.file("all/one"))?.group == "song")
    #expect(try RetrievalReport(folder: folder.file("all/three")) == nil)

    let collection = try RetrievalCollection(folders: [folder.file("all")], selection: .all)
    #expect(collection.runs.map(\.name) == ["one", "three", "two"])
    #expect(collection.runs.map(\.status) == ["kept", "refused", "kept"])
    #expect(collection.runs[1].reason == "terminated: too quiet")
    let presets = try collection.presets
    #expect(presets.labels == ["one", "two"] && presets.groups == ["song", "two"])
    #expect(presets.theta.row(1) == found.logits)
    var strict = RunSelection.published
    strict.greatestLoss = 0
    #expect(throws: WorkflowError.self) {
      _ = try RetrievalCollection(folders: [folder.file("all")], selection: strict).presets
    }
    #expect(throws: WorkflowError.self) {
      _ = try RetrievalCollection(folders: [folder.file("nowhere")], selection: .all)
    }
    // Replaced on request only.
    #expect(throws: (any Error).self) { _ = try RetrievalFolder(folder.file("all/one")) }
    _ = try RetrievalFolder(folder.file("all/one"), overwrite: true)
  }
}
