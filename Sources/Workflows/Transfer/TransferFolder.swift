import FXParams
import FileOutput
import Foundation
import HDF5Store
import Inference
public import PresetStore
import PriorKit

/// The folder that a transfer fills: preset, named values, renderings and trace.
public struct TransferFolder: Sendable {
  /// Where it is.
  public let path: String
  private let names: Names
  private let overwrite: Bool
  /// The folders that the work makes.
  private let missing: [String]

  /// What the files are called.
  private struct Names: Sendable {
    let preset = "preset.h5"
    let json = "preset.json"
    let trace = "trace.h5"
    let wet: [String]

    var all: [String] { [preset, json, trace] + wet }
  }

  /// Checks before the work that every output can be written; the folder is made when there is something to write.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - inputCount: dry recordings, each of which is rendered.
  ///   - overwrite: whether existing files are replaced.
  /// - Throws: `OutputError` for a file that exists or cannot be written, ``WorkflowError`` for a folder that
  ///   cannot be made.
  public init(_ path: String, inputCount: Int = 1, overwrite: Bool = false) throws {
    self.path = path
    self.overwrite = overwrite
    names = Names(wet: (0..<inputCount).map { $0 == 0 ? "wet.wav" : "wet-\($0 + 1).wav" })
    missing = OutputFolder(path: path).missing
    try folder.check(names.all, overwrite: overwrite)
  }

  private var folder: OutputFolder { OutputFolder(path: path) }

  /// Writes renderings, preset and trace, all of them or none, then removes the states, which are not needed any
  /// more.
  ///
  /// - Parameters:
  ///   - result: what the transfer found.
  ///   - problem: the problem it was found for, with as many inputs as the folder was made for.
  ///   - provenance: kept in every file.
  ///   - states: those of the transfer, if it keeps any. An interruption leaves them to go on from; where the
  ///     results cannot be written, only those of a resumed transfer stay.
  ///   - stateCount: how many there are; nil for one per start.
  ///   - threads: most threads to render with.
  ///   - monitor: is told of the renderings.
  /// - Throws: what rendering and writing throw; files that are new are removed then.
  public func write(
    _ result: TransferResult, of problem: StyleProblem, provenance: Provenance, states: TransferStates? = nil,
    stateCount: Int? = nil, threads: Int = 1, monitor: some WorkMonitor = QuietMonitor()
  ) throws {
    try TransferStates.settle(states, starts: stateCount ?? result.losses.count, folders: missing) {
      try write(result, problem, provenance, threads, monitor)
    }
    let evaluation = result.point.evaluation
    monitor.message(
      "\(path): loss \(NumberText.short(result.initialLoss)) at the start, \(NumberText.short(result.point.loss)) "
        + "after \(result.point.step) steps (log-likelihood \(NumberText.short(evaluation.logLikelihood)), "
        + "log-prior \(NumberText.short(evaluation.logPrior)))")
  }

  private func write(
    _ result: TransferResult, _ problem: StyleProblem, _ provenance: Provenance, _ threads: Int,
    _ monitor: some WorkMonitor
  ) throws {
    let report = TransferReport(result, parameters: try result.readings(), provenance: provenance)
    try folder.fill(names.all) {
      // First what takes time and can be interrupted.
      for (input, name) in zip(problem.inputs, names.wet) {
        let rendering = DryRendering(
          chain: result.chain, logits: result.point.theta, threads: threads, source: "the preset found")
        try monitor.during("rendering \(input.path)") {
          try rendering.write(
            input.path, gain: Float(input.gain), to: folder.file(name), overwrite: overwrite,
            comment: provenance.text, monitor: monitor.silenced)
        }
      }
      try PresetFile.write(
        result.presets, to: folder.file(names.preset), provenance: provenance, overwrite: overwrite)
      try OutputFile.write(
        Data(try JSONText.text(report).utf8), to: folder.file(names.json), overwrite: overwrite)
      try HDF5Writer.create(folder.file(names.trace), overwrite: overwrite) { file in
        try provenance.write(to: file)
        try file.write(problem.prior.space.names, to: "/names")
        try TraceFile.write(result.trace, outcome: result.outcome, to: file)
      }
    }
  }
}

/// What preset.json holds.
private struct TransferReport: Encodable {
  var loss: Double
  var logLikelihood: Double
  var logPrior: Double
  var step: Int
  /// What presets of varying shape lack, in words; absent for presets of one shape.
  var pattern: String?
  var parameters: [ParameterReading]
  var command: String
  var version: String
  var inputs: [String: String]

  init(_ result: TransferResult, parameters: [ParameterReading], provenance: Provenance) {
    loss = result.point.loss
    logLikelihood = result.point.evaluation.logLikelihood
    logPrior = result.point.evaluation.logPrior
    step = result.point.step
    pattern = result.whole.map { $0.chain.words(for: $0.pattern) }
    self.parameters = parameters
    command = provenance.command
    version = provenance.version
    inputs = provenance.digests
  }

  enum CodingKeys: String, CodingKey {
    case loss, step, pattern, parameters, command, version, inputs
    case logLikelihood = "log_likelihood"
    case logPrior = "log_prior"
  }
}
