import AudioFiles
public import FXParams
import FileOutput
import Foundation
import HDF5Store
import Inference
import NumericCore
public import PresetStore

/// The folder that a retrieval fills: preset, named values, trace, and the sound before and after.
public struct RetrievalFolder: Sendable {
  static let preset = "preset.h5"
  static let report = "preset.json"
  static let trace = "trace.h5"
  static let failure = "failure.json"
  static let state = "state.h5"
  private static let dry = "dry.wav"
  private static let reference = "reference.wav"
  private static let wet = "wet.wav"
  private static let all = [dry, reference, wet, preset, report, trace]

  /// Where it is.
  public let path: String
  private let overwrite: Bool
  private let missing: [String]

  /// Checks before the work that every output can be written.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - inputs: the recordings that are read, which no output may replace.
  ///   - overwrite: whether existing files are replaced.
  /// - Throws: `OutputError` for a file that exists or cannot be written, ``WorkflowError`` for a folder that
  ///   cannot be made, or that holds one of the recordings under the name of an output.
  public init(_ path: String, inputs: [String] = [], overwrite: Bool = false) throws {
    func resolved(_ file: String) -> String { URL(fileURLWithPath: file).resolvingSymlinksInPath().path }
    let read = Set(inputs.map(resolved))
    if let name = Self.all.first(where: { read.contains(resolved(path + "/" + $0)) }) {
      throw WorkflowError(
        .unwritableOutput, "\(path)/\(name) is a recording that is read: name another folder for the result.")
    }
    self.path = path
    self.overwrite = overwrite
    missing = OutputFolder(path: path).missing
    try folder.check(Self.all, overwrite: overwrite)
  }

  private var folder: OutputFolder { OutputFolder(path: path) }

  /// Whether an interrupted retrieval has left its state here.
  public static func hasState(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + state)
  }

  /// The logits of the preset that is here.
  ///
  /// - Parameter chain: that of the retrieval.
  /// - Throws: ``WorkflowError`` for presets of another chain or more than one; what reading throws.
  public func preset(of chain: ChainDescription) throws -> [Double] {
    let presets = try PresetFile.read(folder.file(Self.preset))
    guard presets.count == 1, presets.chain == chain else {
      throw WorkflowError(
        .wrongContents,
        "\(folder.file(Self.preset)) is not the one preset that this retrieval wrote: retrieve that pair again.")
    }
    return presets.theta.row(0)
  }

  /// Adds standard errors to the preset that is here, and to its report.
  ///
  /// - Returns: what preset.json holds then.
  /// - Throws: what reading and writing throw.
  public func add(
    _ diagnosis: RetrievalDiagnosis, to report: RetrievalReport, provenance: Provenance
  ) throws -> RetrievalReport {
    var presets = try PresetFile.read(folder.file(Self.preset))
    presets.information = diagnosis.information
    var report = report
    (report.standardErrors, report.determined) = (diagnosis.standardErrors, diagnosis.determined)
    // The files are this retrieval's own; the report, which says that there are errors, comes last.
    try PresetFile.write(presets, to: folder.file(Self.preset), provenance: provenance, overwrite: true)
    try OutputFile.write(Data(try JSONText.text(report).utf8), to: folder.file(Self.report), overwrite: true)
    return report
  }

  /// Keeps why a pair has no preset, for `collect` to list.
  public static func write(failure text: String, to path: String) throws {
    try OutputFolder(path: path).make()
    try OutputFile.write(
      Data(try JSONText.text(["reason": text]).utf8), to: path + "/" + failure, overwrite: true)
  }

  /// Writes everything or nothing, then removes the states.
  ///
  /// - Parameters:
  ///   - result: what was found.
  ///   - pair: the recordings.
  ///   - name: of the preset.
  ///   - group: the song, say.
  ///   - problem: all that the preset depends on.
  ///   - provenance: kept in every file.
  ///   - states: those of the retrieval; an interruption leaves them.
  ///   - threads: most threads to render with.
  ///   - monitor: is told of the rendering.
  /// - Returns: what preset.json holds.
  /// - Throws: what rendering and writing throw.
  public func write(
    _ result: RetrievalResult, of pair: RetrievalPair, name: String, group: String? = nil,
    problem: String = "", provenance: Provenance, states: TransferStates? = nil, threads: Int = 1,
    monitor: some WorkMonitor = QuietMonitor()
  ) throws -> RetrievalReport {
    let report = try RetrievalReport(
      result, of: pair, name: name, group: group, problem: problem, provenance: provenance)
    try TransferStates.settle(states, starts: result.stageCount, folders: missing) {
      try write(result, pair, report, provenance, threads, monitor)
    }
    try? FileManager.default.removeItem(atPath: folder.file(Self.failure))
    return report
  }

  private func write(
    _ result: RetrievalResult, _ pair: RetrievalPair, _ report: RetrievalReport, _ provenance: Provenance,
    _ threads: Int, _ monitor: some WorkMonitor
  ) throws {
    try folder.fill(Self.all) {
      for (audio, name) in [(pair.dry, Self.dry), (pair.wet, Self.reference)] {
        try audio.store(at: folder.file(name), comment: provenance.text, overwrite: overwrite)
      }
      let rendering = DryRendering(
        chain: result.chain, logits: result.logits, threads: threads, source: "the preset found")
      try monitor.during("rendering \(folder.file(Self.wet))") {
        try rendering.write(
          folder.file(Self.dry), to: folder.file(Self.wet), overwrite: overwrite, comment: provenance.text,
          monitor: monitor.silenced)
      }
      try PresetFile.write(
        result.presets(label: report.name, group: report.group), to: folder.file(Self.preset),
        provenance: provenance, overwrite: overwrite)
      try HDF5Writer.create(folder.file(Self.trace), overwrite: overwrite) { file in
        try provenance.write(to: file)
        let extra = result.trace.dimension - result.logits.count
        let names = result.chain.parameterSpace.names + (0..<extra).map { "delay \($0 + 1) damping" }
        try file.write(names, to: "/names")
        try TraceFile.write(result.trace, outcome: result.outcome, to: file)
      }
      // Last: with it the folder is complete.
      try OutputFile.write(
        Data(try JSONText.text(report).utf8), to: folder.file(Self.report), overwrite: overwrite)
    }
  }
}
