import AudioFiles
import FXParams
import FileOutput
import Foundation
import HDF5Store
import Inference
import NumericCore
import PriorKit

/// The folder that `priorkit transfer` fills.
struct TransferFolder {
  let path: String
  private let inputCount: Int
  private let overwrite: Bool
  private let console: Console

  /// Makes the folder, and checks before the work that every output can be written.
  init(_ path: String, inputCount: Int, overwrite: Bool, console: Console) throws {
    self.path = path
    self.inputCount = inputCount
    self.overwrite = overwrite
    self.console = console
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw CommandError("The folder \(path) cannot be made: choose a place that can be written to.")
    }
    for file in [preset, json, trace] + (0..<inputCount).map(wet) {
      try OutputFile.check(file, overwrite: overwrite)
    }
  }

  var state: String { path + "/state.h5" }
  private var preset: String { path + "/preset.h5" }
  private var json: String { path + "/preset.json" }
  private var trace: String { path + "/trace.h5" }
  private func wet(_ input: Int) -> String { path + (input == 0 ? "/wet.wav" : "/wet-\(input + 1).wav") }

  // MARK: - State of an interrupted run

  func requireState() throws {
    guard FileManager.default.fileExists(atPath: state) else {
      throw CommandError("There is no \(state) to resume from: run without --resume.")
    }
  }

  func save(_ state: MAPState<Adam.State>, checkpoint: MAPCheckpoint<Adam>) throws {
    try OutputFile.write(to: self.state, overwrite: true) { try checkpoint.write(state, to: $0) }
  }

  // MARK: - Results

  /// Writes preset, renderings and trace; the state of an interruption is no longer needed then.
  func write(
    point: MAPPoint, result: MAPResult, trace: MAPTrace, outcome: MAPOutcome, problem: StyleProblem,
    provenance: Provenance, threads: Int
  ) throws {
    let chain = problem.prior.chain
    let theta = Matrix(rows: 1, columns: point.theta.count, values: point.theta)
    try PresetFile.write(
      PresetCollection(chain: chain, theta: theta, labels: ["transfer"]), to: preset, provenance: provenance,
      overwrite: overwrite)
    let report = TransferReport(
      point: point, parameters: try chain.describe(logits: point.theta), provenance: provenance)
    try OutputFile.write(Data(try JSONText.text(report).utf8), to: json, overwrite: overwrite)
    try HDF5Writer.create(self.trace, overwrite: overwrite) { file in
      try provenance.write(to: file)
      try file.write(problem.prior.space.names, to: "/names")
      try TraceFile.write(trace, outcome: outcome, to: file)
    }
    for (index, input) in problem.inputs.enumerated() {
      let rendering = DryRendering(
        chain: chain, logits: point.theta, threads: threads, console: Console(isQuiet: true))
      try rendering.write(
        input.path, gain: Float(input.gain), to: wet(index), overwrite: overwrite, comment: provenance.text)
    }
    try? FileManager.default.removeItem(atPath: state)
    let start = trace.loss.first ?? result.last.loss
    console.message(
      "\(path): loss \(NumberText.short(start)) at the prior mean, \(NumberText.short(point.loss)) after "
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
