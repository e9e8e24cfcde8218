import Foundation

/// The folder that holds the ``DrawLog`` of every chain of a run, until its draws are written elsewhere.
public struct ChainLogs: Sendable {
  /// The path of the folder.
  public let folder: String
  /// All that the target depends on, in one line.
  public let problem: String
  /// Whether existing logs are continued; otherwise they are replaced.
  public let isResuming: Bool

  public init(folder: String, problem: String, isResuming: Bool) {
    self.folder = folder
    self.problem = problem
    self.isResuming = isResuming
  }

  /// Whether the folder exists.
  public var exists: Bool { FileManager.default.fileExists(atPath: folder) }

  /// Removes the folder with all that is in it.
  public func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// The log of one chain. The number of draws is no part of what must agree, so that a run may be made longer.
  func open(
    chain: Int, width: Int, warmUp: Int, seed: UInt64, sampler: some Sampler
  ) throws -> (log: DrawLog, rows: [[Double]]) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw DrawLogError.unwritable(folder)
    }
    let settings = sampler.settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let line = ([problem, sampler.name] + settings + ["warm_up=\(warmUp)", "seed=\(seed)", "chain=\(chain)"])
      .joined(separator: " ")
    return try DrawLog.open(
      folder + "/chain-\(chain).draws", problem: line, width: width, isResuming: isResuming)
  }
}
