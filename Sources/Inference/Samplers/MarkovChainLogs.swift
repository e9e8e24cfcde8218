import Foundation

/// The folder that holds the ``DrawLog`` of every chain of a run, until its draws are written elsewhere.
public struct MarkovChainLogs: Sendable {
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
    return try DrawLog.open(
      path(chain), problem: line(chain, warmUp, seed, sampler), width: width, isResuming: isResuming)
  }

  /// Checks the logs of all chains before any is begun: a chain that has none yet must not begin one for a run that
  /// the log of another chain refuses.
  func check(chains: Int, width: Int, warmUp: Int, seed: UInt64, sampler: some Sampler) throws {
    guard isResuming else { return }
    for chain in 0..<chains {
      try DrawLog.check(path(chain), problem: line(chain, warmUp, seed, sampler), width: width)
    }
  }

  private func path(_ chain: Int) -> String { folder + "/chain-\(chain).draws" }

  /// All that a chain depends on, in one line.
  private func line(_ chain: Int, _ warmUp: Int, _ seed: UInt64, _ sampler: some Sampler) -> String {
    let settings = sampler.settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return ([problem, sampler.name] + settings + ["warm_up=\(warmUp)", "seed=\(seed)", "chain=\(chain)"])
      .joined(separator: " ")
  }
}
