public import Evaluation
public import FXParams
import Foundation
import Inference
import PresetStore
import Retrieval

/// What a retrieval found, as its folder says in preset.json.
public struct RetrievalReport: Sendable, Codable {
  /// The name of the preset.
  public var name: String
  /// The song, say, that it belongs to.
  public var group: String?
  /// The dry recording.
  public var dry: String
  /// The processed recording.
  public var wet: String
  /// The published loss of the preset.
  public var loss: Double
  /// The distances at the start.
  public var before: StereoLossTerms
  /// The distances of the preset.
  public var after: StereoLossTerms
  /// The step of the preset.
  public var step: Int
  /// Samples by which the processed recording is later.
  public var lagSamples: Int
  /// The correlation of both recordings there.
  public var correlation: Double
  /// The greatest correlation elsewhere.
  public var rivalCorrelation: Double
  /// The gain that brought the dry recording to its loudness, in dB.
  public var dryGainDB: Double
  /// That of the processed recording.
  public var wetGainDB: Double
  /// Chunks that were measured.
  public var chunks: Int
  /// The named values with their units.
  public var parameters: [ParameterReading]
  /// Standard errors of the logits, in the order of ``parameters``; nil if they were not measured.
  public var standardErrors: [Double]?
  /// The share of each parameter's variance that the recording took away, 0 to 1; nil if that was not measured.
  public var determined: [Double]?
  /// All that the preset depends on: options, seed and digests of the files.
  public var problem: String
  /// The command.
  public var command: String
  /// Of the program.
  public var version: String
  /// SHA-256 of the files that were read.
  public var inputs: [String: String]

  enum CodingKeys: String, CodingKey {
    case name, group, dry, wet, loss, before, after, step, correlation, chunks, parameters, problem, command,
      version
    case inputs, determined
    case standardErrors = "standard_errors"
    case lagSamples = "lag_samples"
    case rivalCorrelation = "rival_correlation"
    case dryGainDB = "dry_gain_db"
    case wetGainDB = "wet_gain_db"
  }

  /// What the folder of a retrieval says; nil if none has ended there, or another was begun or failed since.
  ///
  /// - Throws: ``WorkflowError`` for a file that is no such report.
  public init?(folder: String) throws {
    let path = folder + "/" + RetrievalFolder.report
    let isCurrent = [RetrievalFolder.failure, RetrievalFolder.state].allSatisfy {
      !FileManager.default.fileExists(atPath: folder + "/" + $0)
    }
    guard isCurrent, let data = FileManager.default.contents(atPath: path) else { return nil }
    guard let report = try? JSONDecoder().decode(RetrievalReport.self, from: data) else {
      throw WorkflowError(
        .wrongContents, "\(path) is no report of a retrieval: retrieve that pair again, into another folder.")
    }
    self = report
  }

  /// - Throws: as ``RetrievalResult/readings()``.
  init(
    _ result: RetrievalResult, of pair: RetrievalPair, name: String, group: String?, problem: String,
    provenance: Provenance
  ) throws {
    (self.name, self.group, self.problem) = (name, group, problem)
    (dry, wet) = pair.paths
    (loss, before, after) = (result.loss, result.before, result.after)
    step = result.outcome.result?.best.step ?? 0
    (lagSamples, correlation) = (pair.alignment.lag, pair.alignment.correlation)
    rivalCorrelation = pair.alignment.rival
    (dryGainDB, wetGainDB) = (20 * log10(pair.gains.dry), 20 * log10(pair.gains.wet))
    chunks = pair.chunks.count
    parameters = try result.readings()
    (command, version) = (provenance.command, provenance.version)
    inputs = provenance.digests
  }
}
