import AudioFiles
import FXParams
import Foundation
import NeuralCore
import NumericCore
import PresetRegression
import PresetStore
import PriorKit
import TestSupport
import Testing
import Workflows

@Suite("Training of the regression network as a library")
struct RegressionTrainingTests {
  /// Renderings of draws of a prior over a peak filter and a pan, of half a second each.
  private static func examples(_ count: Int = 24, threads: Int = 1, seed: UInt64 = 2) throws -> RegressionExamples {
    let folder = try Scratch()
    let paths = try Material.store(in: folder, seconds: 3)
    let dry = try DrySegments([paths.dry], sampleRate: Material.sampleRate, segmentSeconds: 0.5)
    var simulation = SimulatedExamples(
      presets: PairPresets(try Material.prior()), presetsName: "prior.h5", dry: dry)
    (simulation.count, simulation.seed, simulation.threads) = (count, seed, threads)
    return try simulation.run()
  }

  private static var training: RegressionTraining {
    var training = RegressionTraining()
    (training.channels, training.width, training.batchSize, training.epochs) = ([8, 8], 8, 5, 4)
    (training.validationShare, training.seed) = (0.25, 3)
    return training
  }

  private func bytes(_ model: RegressionModel) throws -> Data {
    let folder = try Scratch()
    try model.write(to: folder.file("m"), overwrite: false)
    return try Data(contentsOf: URL(fileURLWithPath: folder.file("m")))
  }

  @Test("A network learns what pan and filter do")
  func networkLearns() throws {
    let examples = try Self.examples(300, threads: 2)
    var training = Self.training
    (training.channels, training.width, training.epochs) = ([24, 24], 32, 30)
    (training.batchSize, training.threads, training.optimiser.learningRate) = (32, 2, 3e-3)
    let outcome = try training.run(examples)
    let found = outcome.model.description.training
    #expect(found.trainingExamples == 225 && found.validationExamples == 75)
    // Of four parameters a segment at -18 LUFS tells pan plainly, the filter's where the voice has partials: a
    // quarter of the variance in this run, where chance would give none.
    #expect(found.validationLoss < 0.85 * found.meanValidationLoss, "\(found)")
    #expect(found.validationPMSE < 0.85 * found.meanValidationPMSE)
    #expect(abs(found.meanValidationLoss - 1) < 0.3)
    let best = try #require(outcome.history.map(\.validationLoss).min())
    #expect(best == found.validationLoss && outcome.history[found.bestEpoch - 1].validationLoss == best)
    let (first, last) = (try #require(outcome.history.first), try #require(outcome.history.last))
    #expect(last.trainingLoss < 0.85 * first.trainingLoss)
    #expect(outcome.model.trainedOn.contains("225 segments") && outcome.model.trainedOn.contains("prior.h5"))
    #expect(outcome.model.parameterNames == Material.chain.parameterSpace.names)
  }

  @Test("Neither threads nor interruptions change a byte")
  func resultIsReproducible() throws {
    let whole = try Self.training.run(Self.examples())
    let expected = try bytes(whole.model)
    var threaded = Self.training
    threaded.threads = 3
    #expect(try bytes(threaded.run(Self.examples(threads: 2)).model) == expected)

    let folder = try Scratch()
    let path = folder.file("run.safetensors")
    // 18 training segments are 4 batches: within the first epoch, at the end of one, within the last.
    for (more, steps) in [(3, 3), (5, 8), (6, 14)] {
      let stopped = #expect(throws: InterruptedError.self) {
        try Self.training.run(Self.examples(), checkpoint: path, monitor: RecordingMonitor(cancellingAfter: more))
      }
      #expect(stopped?.description.contains("\(steps) steps") == true)
    }
    let monitor = RecordingMonitor()
    let resumed = try Self.training.run(Self.examples(), checkpoint: path, monitor: monitor)
    #expect(monitor.messages.contains { $0.contains("going on after 14 steps") } && monitor.steps == 2)
    #expect(try bytes(resumed.model) == expected && resumed.history == whole.history)

    // The checkpoint of a finished run goes on with more epochs, as if there had been no end.
    var longer = Self.training
    longer.epochs = 6
    #expect(
      try bytes(longer.run(Self.examples(), checkpoint: path).model) == bytes(longer.run(Self.examples()).model))
    var other = Self.training
    other.seed = 4
    let refused = #expect(throws: WorkflowError.self) { try other.run(Self.examples(), checkpoint: path) }
    #expect(refused?.code == .unusableState && refused?.description.contains("other work") == true)
    try Data(try Data(contentsOf: URL(fileURLWithPath: path)).dropLast(9)).write(to: URL(fileURLWithPath: path))
    let damaged = #expect(throws: WorkflowError.self) { try Self.training.run(Self.examples(), checkpoint: path) }
    #expect(damaged?.description.contains("damaged") == true)
    let lost = #expect(throws: InterruptedError.self) {
      try Self.training.run(Self.examples(), monitor: RecordingMonitor(cancellingAfter: 2))
    }
    #expect(lost?.remedy == .checkpoint)
  }

  @Test("Training ends when the validation loss has stopped falling")
  func trainingEnds() throws {
    var training = Self.training
    (training.epochs, training.patience) = (400, 2)
    let outcome = try training.run(Self.examples())
    let found = outcome.model.description.training
    #expect(found.epochs < 400 && found.epochs == outcome.history.count && found.epochs - found.bestEpoch == 2)
  }

  @Test("What cannot be learned from is refused")
  func badExamplesAreRefused() throws {
    let examples = try Self.examples(4)
    var training = Self.training
    training.channels = [8, 8, 8, 8]
    let short = #expect(throws: WorkflowError.self) { try training.run(examples) }
    #expect(short?.description.contains("0.5 s") == true && short?.description.contains("1.39") == true)
    training = Self.training
    training.optimiser.learningRate = 1e30
    let diverged = #expect(throws: WorkflowError.self) { try training.run(examples) }
    #expect(diverged?.code == .notFinite && diverged?.description.contains("learning rate") == true)

    let folder = try Scratch()
    let paths = try Material.store(in: folder, seconds: 3)
    let dry = try DrySegments([paths.dry], sampleRate: Material.sampleRate, segmentSeconds: 0.5)
    let one = PresetCollection(chain: Material.chain, theta: Matrix(rows: [[0, 0, 0, 0]]))
    var simulation = SimulatedExamples(
      presets: try PairPresets([.presets(one)], paths: ["one.h5"]), presetsName: "one.h5", dry: dry)
    simulation.count = 4
    let single = #expect(throws: WorkflowError.self) { try Self.training.run(simulation.run()) }
    #expect(single?.description.contains("one preset or group") == true)
    simulation.count = 100_000_000
    let large = #expect(throws: WorkflowError.self) { try simulation.run() }
    #expect(large?.code == .tooLarge)
    let cancelled = #expect(throws: InterruptedError.self) {
      simulation.count = 4
      _ = try simulation.run(monitor: QuietMonitor { true })
    }
    #expect(cancelled != nil)
  }

  @Test("Recordings give their segments with their presets")
  func recordingsAreRead() throws {
    let folder = try Scratch()
    let paths = try Material.store(in: folder, seconds: 2.1)
    let rows = (0..<3).map { row in (0..<4).map { Double(row + $0) / 4 } }
    let presets = PresetCollection(
      chain: Material.chain, theta: Matrix(rows: rows), labels: ["a", "b", "c"], groups: ["x", "x", "y"])
    let list = folder.file("list.csv")
    try Data("label,file\na,\(paths.wet)\nc,\(paths.wet)\nb,\(folder.file("gone.wav"))\n".utf8)
      .write(to: URL(fileURLWithPath: list))
    let recordings = PresetRecordings(try AudioList(csv: list, presets: presets), of: presets)
    #expect(recordings.missingSentence?.contains("gone.wav") == true)
    var reading = RecordedExamples(recordings, of: presets, presetsName: "presets.h5")
    reading.segmentSeconds = 0.5
    let examples = try reading.run()
    #expect(examples.count == 8 && examples.origin.contains("2 recordings"))
    // Groups x and y: one for training, the other for validation.
    let outcome = try Self.training.run(examples)
    #expect(outcome.model.description.training.trainingExamples == 4)
    // The only training preset is the mean, which is all that is known then.
    let audio = try AudioReader.read(path: paths.wet)
    let logits = try outcome.model.logits(left: audio.channels[0], right: audio.channels[1])
    #expect(logits == rows[0] || logits == rows[2])
    // Mono is no processed recording.
    try Data("label,file\na,\(paths.dry)\n".utf8).write(to: URL(fileURLWithPath: list))
    reading.recordings = PresetRecordings(try AudioList(csv: list, presets: presets), of: presets)
    #expect(throws: AudioError.self) { try reading.run() }
    reading.skipsUnusable = true
    let monitor = RecordingMonitor()
    let none = #expect(throws: WorkflowError.self) { try reading.run(monitor: monitor) }
    #expect(none?.code == .missingRecordings && monitor.warnings.count == 1)
  }
}
