import AudioFiles
import FXParams
import Foundation
import Inference
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing
import Workflows

@Suite("Style transfers as a library")
struct StyleTransferTests {
  private static let steps = 6

  private func transfer(
    _ folder: borrowing Scratch, method: TransferMethod = .adam(Adam(learningRate: 0.05))
  ) throws -> StyleTransfer {
    let paths = try Material.store(in: folder)
    var transfer = try StyleTransfer(
      prior: Material.prior(), reference: paths.wet, dry: paths.dry, method: method)
    transfer.stepLimit = Self.steps
    return transfer
  }

  @Test("The result is that of the optimiser called by hand, bit for bit")
  func resultIsThatOfTheOptimiser() throws {
    let folder = try Scratch()
    let transfer = try transfer(folder)
    let found = try transfer.run()

    let driver = MaximumAPosteriori(optimiser: Adam(learningRate: 0.05), steps: Self.steps)
    var state = try driver.makeState(from: transfer.problem.prior.mean)
    let expected = try #require(try driver.run(transfer.problem.makePosterior(), state: &state).result)
    #expect(found.point == expected.last)
    #expect(found.trace == state.trace && found.losses == [expected.best.loss])
    #expect(found.presets.theta.row(0) == expected.last.theta)
    #expect(try found.readings().map(\.name) == Material.chain.parameterSpace.names)
  }

  @Test(
    "Every method lowers the loss",
    arguments: [TransferMethod.lbfgs, .whiteAdam(Adam(learningRate: 0.1)), .evolution])
  func everyMethodLowersTheLoss(method: TransferMethod) throws {
    let folder = try Scratch()
    var transfer = try transfer(folder, method: method)
    transfer.stepLimit = 12
    let found = try transfer.run()
    #expect(found.point.loss < found.initialLoss)
  }

  @Test("More starts are never worse")
  func moreStartsAreNeverWorse() throws {
    let folder = try Scratch()
    var transfer = try transfer(folder, method: .lbfgs)
    let one = try transfer.run()
    transfer.starts = 3
    transfer.threads = 2
    let three = try transfer.run()
    #expect(three.losses.count == 3 && three.losses[0] == one.losses[0])
    #expect(three.point.loss <= one.point.loss && three.point.loss == three.losses.min())
  }

  @Test("An interrupted run goes on, bit for bit")
  func interruptedRunGoesOn() throws {
    let folder = try Scratch()
    let transfer = try transfer(folder)
    let whole = try transfer.run()
    let place = folder.file("out")
    #expect(throws: WorkflowError.self) { try TransferStates.require(in: place) }

    let monitor = RecordingMonitor(cancellingAfter: 2)
    let error = #expect(throws: InterruptedError.self) {
      try transfer.run(states: TransferStates(in: place, problem: "p"), monitor: monitor)
    }
    #expect(error?.remedy == .resume && error?.description.contains("after 2 of 6") == true)
    #expect(monitor.finished == 1)
    try TransferStates.require(in: place)

    let states = TransferStates(in: place, problem: "p", isResuming: true)
    let resumed = RecordingMonitor()
    let found = try transfer.run(states: states, monitor: resumed)
    #expect(found.point == whole.point && found.trace == whole.trace)
    #expect(resumed.steps == Self.steps - 2)
    // The state is there until the result is stored, and gives it again without a step.
    let again = try transfer.run(states: states)
    #expect(again.point == whole.point && again.trace == whole.trace)
    #expect(throws: MAPCheckpointError.self) {
      try transfer.run(states: TransferStates(in: place, problem: "another", isResuming: true))
    }
    states.remove(starts: 1)
    #expect(throws: WorkflowError.self) { try TransferStates.require(in: place) }
  }

  @Test("A run without states that is cancelled leaves nothing")
  func cancelledRunLeavesNothing() throws {
    let folder = try Scratch()
    let transfer = try transfer(folder)
    let before = try folder.names()
    let error = #expect(throws: InterruptedError.self) {
      try transfer.run(monitor: QuietMonitor { true })
    }
    #expect(error?.remedy == InterruptedError.Remedy.none)
    #expect(try folder.names() == before)
  }

  @Test("A chain without a gradient is refused, but not by a method that needs none")
  func gradientIsRequired() throws {
    let folder = try Scratch()
    let paths = try Material.store(in: folder)
    var transfer = try StyleTransfer(prior: Material.prior(Material.crushed), reference: paths.wet, dry: paths.dry)
    let error = #expect(throws: WorkflowError.self) { try transfer.run() }
    #expect(error?.code == .noGradient && error?.description.contains("crusher") == true)
    transfer.method = .evolution
    transfer.stepLimit = 2
    #expect(try transfer.run().point.loss.isFinite)
  }

  @Test("A reference without a stereo image is refused")
  func stereoIsRequired() throws {
    let folder = try Scratch()
    let paths = try Material.store(in: folder)
    let voice = try AudioReader.read(path: paths.dry).channels[0]
    let centred = folder.file("centred.wav")
    try AudioWriter.write(
      AudioBuffer(channels: [voice, voice], sampleRate: Material.sampleRate), path: centred, format: .waveFloat32)
    let error = #expect(throws: WorkflowError.self) {
      try StyleTransfer(prior: Material.prior(), reference: centred, dry: paths.dry)
    }
    #expect(error?.code == .unsuitableRecording && error?.description.contains(centred) == true)
  }

  @Test("The folder gets preset, readings, rendering and trace, and replaces nothing unasked")
  func folderIsFilled() throws {
    let folder = try Scratch()
    let transfer = try transfer(folder)
    let found = try transfer.run()
    let place = folder.file("out")
    let monitor = RecordingMonitor()
    try TransferFolder(place).write(
      found, of: transfer.problem, provenance: Provenance(arguments: ["test"]), monitor: monitor)
    let names = try FileManager.default.contentsOfDirectory(atPath: place).sorted()
    #expect(names == ["preset.h5", "preset.json", "trace.h5", "wet.wav"])
    #expect(try PresetFile.read(place + "/preset.h5").theta.row(0) == found.point.theta)
    #expect(monitor.messages.count == 1 && monitor.messages[0].contains("at the start"))
    #expect(throws: (any Error).self) { try TransferFolder(place) }
    _ = try TransferFolder(place, overwrite: true)
  }
}
