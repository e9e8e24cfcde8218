import FileOutput
import Foundation

/// The folder that holds the ``DrawLog`` of every chain of a run, until its draws are written elsewhere.
public struct MarkovChainLogs: Sendable {
  /// The path of the folder.
  public let folder: String
  /// All that the target depends on, in one line.
  public let problem: String
  /// Whether existing logs are continued; otherwise they are replaced.
  public let isResuming: Bool
  /// The command line that began the run or went on with it, for those who look at its logs; nil to tell none.
  public let command: String?

  /// Logs in a folder, which need not exist.
  ///
  /// - Parameters:
  ///   - folder: the path of the folder.
  ///   - problem: all that the target depends on, in one line.
  ///   - isResuming: whether existing logs are continued.
  ///   - command: the command line of the run.
  public init(folder: String, problem: String, isResuming: Bool, command: String? = nil) {
    self.folder = folder
    self.problem = problem
    self.isResuming = isResuming
    self.command = command
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

  /// Notes what the run is to draw, before it begins.
  func note(_ plan: MarkovChainPlan) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let text = try JSONEncoder().encode(plan)
      try OutputFile.write(text, to: Self.planPath(inFolder: folder), overwrite: true)
    } catch {
      throw DrawLogError.unwritable(folder)
    }
  }

  /// What the run in a folder is to draw, or nil where it was not noted, or cannot be.
  public static func plan(inFolder folder: String) -> MarkovChainPlan? {
    guard let data = FileManager.default.contents(atPath: planPath(inFolder: folder)),
      let plan = try? JSONDecoder().decode(MarkovChainPlan.self, from: data),
      (1...MarkovChainPlan.most).contains(plan.chains), (0...MarkovChainPlan.most).contains(plan.warmUp),
      (1...MarkovChainPlan.most).contains(plan.draws)
    else { return nil }
    return plan
  }

  private static func planPath(inFolder folder: String) -> String { folder + "/run.json" }

  private func path(_ chain: Int) -> String { folder + "/chain-\(chain).draws" }

  /// All that a chain depends on, in one line.
  private func line(_ chain: Int, _ warmUp: Int, _ seed: UInt64, _ sampler: some Sampler) -> String {
    let settings = sampler.settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return ([problem, sampler.name] + settings + ["warm_up=\(warmUp)", "seed=\(seed)", "chain=\(chain)"])
      .joined(separator: " ")
  }
}

/// What a run is to draw, which the logs of its chains do not say: it may be made longer.
public struct MarkovChainPlan: Codable, Sendable, Hashable {
  /// The command line that began it, or went on with it last; nil where none was told.
  public let command: String?
  /// Number of chains.
  public let chains: Int
  /// Iterations of each chain before its draws.
  public let warmUp: Int
  /// Iterations of each chain after the warm-up.
  public let draws: Int

  /// Numbers above this are of a damaged note.
  fileprivate static let most = 1 << 48
}
