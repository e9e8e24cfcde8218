public import Evaluation
import FXParams
import Foundation
import HDF5Store
import NumericCore
public import PresetStore

/// The presets of many retrievals: those that are kept, and why others are not.
public struct RetrievalCollection: Sendable {
  /// One retrieval.
  public struct Run: Sendable, Encodable {
    /// Its folder.
    public var folder: String
    /// The name of the preset; that of the folder if there is none.
    public var name: String
    /// The song, say.
    public var group: String?
    /// `kept` or `refused`.
    public var status: String
    /// Why it is refused.
    public var reason: String?
    /// Why the published selection would refuse it, where another one keeps it.
    public var doubt: String?
    /// The published loss of the preset, where there is one.
    public var loss: Double?
    /// Its distances.
    public var distances: StereoLossTerms?
    /// The median change of the loss from step to step.
    public var fluctuation: Double?
    /// The correlation of the two recordings.
    public var correlation: Double?
    /// The dry recording.
    public var dry: String?
    /// The processed recording.
    public var wet: String?

    static let (kept, refused) = ("kept", "refused")
  }

  /// Presets without standard errors, where others have them: the collection then has none.
  public let withoutErrors: [String]
  /// All retrievals, in order.
  public let runs: [Run]
  private let kept: PresetCollection?
  /// The files that were read.
  public let paths: [String]

  /// Reads folders of retrievals, or folders of such folders.
  ///
  /// - Parameters:
  ///   - folders: where they are.
  ///   - selection: which are kept.
  /// - Throws: ``WorkflowError`` where there is no retrieval, chains differ or a name is there twice;
  ///   `DataError` and `HDF5Error` for files that cannot be read.
  public init(folders: [String], selection: RunSelection) throws {
    var (runs, paths): ([Run], [String]) = ([], [])
    var (rows, keptRuns): ([Double], [Run]) = ([], [])
    var information: [PresetInformation?] = []
    var chain: (ChainDescription, String)?
    for folder in try folders.flatMap(Self.retrievals) {
      let (run, preset) = try Self.read(folder, selection)
      runs.append(run)
      guard let preset else { continue }
      let path = folder + "/" + RetrievalFolder.preset
      paths.append(path)
      if let (first, other) = chain, first != preset.chain {
        throw WorkflowError(
          .wrongContents, "\(path) and \(other) are of different chains: collect retrievals of one chain.")
      }
      chain = chain ?? (preset.chain, path)
      guard !keptRuns.contains(where: { $0.name == run.name }) else {
        throw WorkflowError(
          .wrongContents, "\(folder) is the second preset called \(run.name): give each pair a name of its own.")
      }
      rows += preset.theta.values
      information.append(preset.information)
      keptRuns.append(run)
    }
    (self.runs, self.paths) = (runs, paths)
    let without = zip(keptRuns, information).filter { $0.1 == nil }.map(\.0.name)
    withoutErrors = without.count < keptRuns.count ? without : []
    kept = chain.map { chain, _ in
      let theta = Matrix(rows: keptRuns.count, columns: chain.parameterSpace.count, values: rows)
      var presets = Self.presets(chain, theta, keptRuns, refused: runs.filter { $0.status == Run.refused })
      presets.information = PresetInformation.joined(information)
      return presets
    }
  }

  private static func presets(
    _ chain: ChainDescription, _ theta: Matrix, _ runs: [Run], refused: [Run]
  ) -> PresetCollection {
    var presets = PresetCollection(
      chain: chain, theta: theta, labels: runs.map(\.name),
      // A preset without a song is one of its own.
      groups: runs.contains { $0.group != nil } ? runs.map { $0.group ?? $0.name } : nil)
    presets.retrieval = RetrievalColumns(
      losses: runs.map { $0.loss ?? .nan }, fluctuations: runs.map { $0.fluctuation ?? .nan },
      correlations: runs.map { $0.correlation ?? .nan }, statuses: runs.map { $0.doubt ?? Run.kept },
      refused: refused.map { RetrievalColumns.Refusal(name: $0.name, reason: $0.reason ?? "") })
    return presets
  }

  /// The presets that are kept.
  ///
  /// - Throws: ``WorkflowError`` if there is none.
  public var presets: PresetCollection {
    get throws {
      guard let kept else {
        throw WorkflowError(
          .wrongContents,
          "None of \(runs.count) retrievals is kept (\(runs.first?.reason ?? "")): retrieve again, or select "
            + "others.")
      }
      return kept
    }
  }

  /// The folders of retrievals in a folder, or itself.
  private static func retrievals(in folder: String) throws -> [String] {
    func isRetrieval(_ path: String) -> Bool {
      [RetrievalFolder.report, RetrievalFolder.failure, RetrievalFolder.state].contains {
        FileManager.default.fileExists(atPath: path + "/" + $0)
      }
    }
    if isRetrieval(folder) { return [folder] }
    let inner = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let found = inner.sorted().map { folder + "/" + $0 }.filter(isRetrieval)
    guard !found.isEmpty else {
      throw WorkflowError(.wrongContents, "\(folder) holds no retrieval: name a folder that `retrieve` filled.")
    }
    return found
  }

  private static func read(_ folder: String, _ selection: RunSelection) throws -> (Run, PresetCollection?) {
    let name = (folder as NSString).lastPathComponent
    func refused(_ reason: String) -> (Run, PresetCollection?) {
      (Run(folder: folder, name: name, status: Run.refused, reason: reason), nil)
    }
    guard let report = try RetrievalReport(folder: folder) else {
      guard let failure = FileManager.default.contents(atPath: folder + "/" + RetrievalFolder.failure),
        let reason = try? JSONDecoder().decode([String: String].self, from: failure)["reason"]
      else { return refused("terminated: interrupted, and not taken up again") }
      return refused("terminated: \(reason)")
    }
    let preset = try PresetFile.read(folder + "/" + RetrievalFolder.preset)
    guard preset.count == 1 else {
      throw WorkflowError(
        .wrongContents,
        "\(folder)/\(RetrievalFolder.preset) holds \(preset.count) presets where a retrieval has one: retrieve "
          + "that pair again.")
    }
    let trace = try HDF5Reader(path: folder + "/" + RetrievalFolder.trace)
    let losses = trace.contains("/log_likelihood") ? try trace.doubles("/log_likelihood").values.map { -$0 } : []
    let refusal = selection.refusal(losses: losses)
    let run = Run(
      folder: folder, name: report.name, group: report.group, status: refusal == nil ? Run.kept : Run.refused,
      reason: refusal, doubt: refusal == nil ? RunSelection.published.refusal(losses: losses) : nil,
      loss: report.loss, distances: report.after,
      fluctuation: RunSelection.fluctuation(of: losses), correlation: report.correlation, dry: report.dry,
      wet: report.wet)
    return (run, refusal == nil ? preset : nil)
  }
}
