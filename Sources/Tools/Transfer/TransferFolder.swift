import AudioFiles
import FXParams
import FileOutput
import Foundation
import HDF5Store
import Inference
import NumericCore
import PresetStore
import PriorKit

/// The folder that `priorkit transfer` fills.
struct TransferFolder: Sendable {
  let path: String
  private let names: Names
  private let overwrite: Bool
  private let console: Console

  /// What the files are called.
  private struct Names: Sendable {
    let preset = "preset.h5"
    let json = "preset.json"
    let trace = "trace.h5"
    let wet: [String]

    var all: [String] { [preset, json, trace] + wet }
  }

  /// Checks before the work that every output can be written; the folder is made when there is something to write.
  init(_ path: String, inputCount: Int, overwrite: Bool, console: Console) throws {
    self.path = path
    self.overwrite = overwrite
    self.console = console
    names = Names(wet: (0..<inputCount).map { $0 == 0 ? "wet.wav" : "wet-\($0 + 1).wav" })
    try folder.check(names.all, overwrite: overwrite)
  }

  private var folder: OutputFolder { OutputFolder(path: path) }

  // MARK: - State of an interrupted run

  /// Where the state of a start is kept.
  func state(_ start: Int) -> String { folder.file(start == 0 ? "state.h5" : "state-\(start + 1).h5") }

  func requireState() throws {
    guard !FileContents.isUnwritten(state(0)) else {
      throw CommandError("There is no \(state(0)) to resume from: run without --resume.")
    }
  }

  func save<Method: Optimiser>(
    _ state: MAPState<Method.State>, start: Int, checkpoint: MAPCheckpoint<Method>
  ) throws {
    try folder.make()
    try OutputFile.write(to: self.state(start), overwrite: true) { try checkpoint.write(state, to: $0) }
  }

  /// Removes the states of all starts, which a finished run has no use for.
  func removeStates(_ count: Int) {
    for start in 0..<count { try? FileManager.default.removeItem(atPath: state(start)) }
  }

  // MARK: - Results

  /// Writes renderings, preset and trace, all of them or none; the state of an interruption is no longer needed then.
  func write(
    point: MAPPoint, result: MAPResult, trace: MAPTrace, outcome: MAPOutcome, problem: StyleProblem,
    provenance: Provenance, threads: Int
  ) throws {
    let chain = problem.prior.chain
    let report = TransferReport(
      point: point, parameters: try chain.describe(logits: point.theta), provenance: provenance)
    try folder.fill(names.all) {
      // First what takes time and can be interrupted.
      for (input, name) in zip(problem.inputs, names.wet) {
        let rendering = DryRendering(
          chain: chain, logits: point.theta, threads: threads, console: Console(isQuiet: true),
          source: "the preset found")
        try console.during("rendering \(input.path)") {
          try rendering.write(
            input.path, gain: Float(input.gain), to: folder.file(name), overwrite: overwrite,
            comment: provenance.text)
        }
      }
      let theta = Matrix(rows: 1, columns: point.theta.count, values: point.theta)
      try PresetFile.write(
        PresetCollection(chain: chain, theta: theta, labels: ["transfer"]), to: folder.file(names.preset),
        provenance: provenance, overwrite: overwrite)
      try OutputFile.write(
        Data(try JSONText.text(report).utf8), to: folder.file(names.json), overwrite: overwrite)
      try HDF5Writer.create(folder.file(names.trace), overwrite: overwrite) { file in
        try provenance.write(to: file)
        try file.write(problem.prior.space.names, to: "/names")
        try TraceFile.write(trace, outcome: outcome, to: file)
      }
    }
    let start = trace.loss.first ?? result.last.loss
    console.message(
      "\(path): loss \(NumberText.short(start)) at the start, \(NumberText.short(point.loss)) after "
        + "\(point.step) steps (log-likelihood \(NumberText.short(point.evaluation.logLikelihood)), "
        + "log-prior \(NumberText.short(point.evaluation.logPrior)))")
  }
}

/// What preset.json holds.
private struct TransferReport: Encodable {
  var loss: Double
  var logLikelihood: Double
  var logPrior: Double
  var step: Int
  var parameters: [ParameterReading]
  var command: String
  var version: String
  var inputs: [String: String]

  init(point: MAPPoint, parameters: [ParameterReading], provenance: Provenance) {
    loss = point.loss
    logLikelihood = point.evaluation.logLikelihood
    logPrior = point.evaluation.logPrior
    step = point.step
    self.parameters = parameters
    command = provenance.command
    version = provenance.version
    inputs = Dictionary(provenance.inputs.map { ($0.path, $0.sha256) }, uniquingKeysWith: { first, _ in first })
  }

  enum CodingKeys: String, CodingKey {
    case loss, step, parameters, command, version, inputs
    case logLikelihood = "log_likelihood"
    case logPrior = "log_prior"
  }
}
