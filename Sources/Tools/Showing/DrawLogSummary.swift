import Foundation
import Inference
import Workflows

/// What `priorkit show` says about the draws that an unfinished `posterior` keeps: the log of one chain, or the
/// folder of all. The property names are the keys of its JSON.
struct DrawLogSummary: Encodable {
  struct Chain: Encodable {
    /// From 0; nil where the log does not say.
    let chain: Int?
    let warmUp: Int
    let draws: Int
    /// What is to be drawn; nil where it was not noted.
    let plannedDraws: Int?
    let isComplete: Bool?
    /// Bytes after the last whole iteration, which is drawn again.
    let lostBytes: Int
  }

  let kind = "draws of an unfinished posterior"
  let identity: DrawLogIdentity?
  let chains: [Chain]
  /// The command line that goes on with the run.
  let resumption: String

  /// Chains that `posterior` runs at most.
  private static let mostChains = 10_000

  static func isOne(_ path: String) -> Bool {
    isFolder(path)
      ? !logs(in: path).isEmpty || MarkovChainLogs.plan(inFolder: path) != nil
      : DrawLog.isOne(path: path) || path.hasSuffix(".draws") && FileManager.default.fileExists(atPath: path)
  }

  /// - Throws: one sentence for a file that is no log of draws.
  init(of path: String) throws {
    let isFolder = Self.isFolder(path)
    let file = URL(fileURLWithPath: path)
    let folder = isFolder ? path : file.deletingLastPathComponent().relativePath
    let plan = MarkovChainLogs.plan(inFolder: folder)
    let files = isFolder ? Self.logs(in: folder) : [(number: Self.number(file.lastPathComponent), path: path)]
    var identity: DrawLogIdentity?
    var chains: [Chain] = []
    for file in files {
      let content = try Self.content(of: file.path)
      let found = content.problem.map { DrawLogIdentity($0) }
      if identity == nil { identity = found }
      let warmUp = plan?.warmUp ?? found?.warmUp ?? 0
      let planned = plan.map { $0.warmUp + $0.draws }
      chains.append(
        Chain(
          chain: found?.chain ?? file.number, warmUp: min(content.rowCount, warmUp),
          draws: max(content.rowCount - warmUp, 0), plannedDraws: plan?.draws,
          isComplete: planned.map { content.rowCount >= $0 }, lostBytes: content.lostBytes))
    }
    if isFolder, let plan {
      let begun = Set(files.compactMap(\.number))
      chains += (0..<min(plan.chains, Self.mostChains)).filter { !begun.contains($0) }.map {
        Chain(chain: $0, warmUp: 0, draws: 0, plannedDraws: plan.draws, isComplete: false, lostBytes: 0)
      }
      chains.sort { ($0.chain ?? 0) < ($1.chain ?? 0) }
    }
    self.identity = identity
    self.chains = chains
    resumption = Self.resumption(plan?.command, folder: URL(fileURLWithPath: folder).lastPathComponent)
  }

  // MARK: - Files

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// The logs of a folder, in the order of their chains.
  private static func logs(in folder: String) -> [(number: Int?, path: String)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { number($0) != nil }.sorted { number($0) ?? 0 < number($1) ?? 0 }
      .map { (number($0), folder + "/" + $0) }
  }

  /// Of `chain-3.draws`, 3.
  private static func number(_ name: String) -> Int? {
    name.wholeMatch(of: /chain-([0-9]{1,9})\.draws/).flatMap { Int($0.1) }
  }

  private static func content(of path: String) throws -> DrawLogContent {
    do { return try DrawLog.content(of: path) } catch DrawLogError.damaged {
      throw CommandError("\(path) holds no draws of an unfinished posterior: name a file that priorkit wrote.")
    }
  }

  private static func resumption(_ command: String?, folder: String) -> String {
    guard let command else {
      let output = folder.hasSuffix(".chains") ? String(folder.dropLast(".chains".count)) : "POSTERIOR.nc"
      return "priorkit posterior ... -o \(output) --resume"
    }
    return command.split(separator: " ").contains("--resume") ? command : command + " --resume"
  }

  // MARK: - Text

  var text: String {
    var lines = ["Draws of an unfinished posterior" + (identity?.sampler.map { " by \($0)" } ?? "")]
    if let identity { lines += identity.lines }
    var table = TextTable([("chain", .right), ("warm-up", .right), ("draws", .right), ("state", .left)])
    for chain in chains {
      let draws = "\(chain.draws)" + (chain.plannedDraws.map { " of \($0)" } ?? "")
      table.append([chain.chain.map(String.init) ?? "?", "\(chain.warmUp)", draws, Self.state(of: chain)])
    }
    let isComplete = chains.allSatisfy { $0.isComplete == true }
    let dots = resumption.contains(" ... ") ? " (the dots stand for its other options, as they were)" : ""
    return lines.joined(separator: "\n") + "\n\n" + table.text + "\n"
      + (isComplete ? "to write the posterior" : "to go on") + "\(dots): \(PrintableText.escaped(resumption))\n"
  }

  private static func state(of chain: Chain) -> String {
    let isBegun = chain.warmUp + chain.draws > 0
    // Without a note of what is to be drawn, a log is as long as it is.
    let length = chain.isComplete.map { $0 ? "complete" : "unfinished" } ?? "ends with a whole iteration"
    let state = isBegun ? length : "no iteration yet"
    guard chain.lostBytes > 0 else { return state }
    return (chain.isComplete == nil && isBegun ? "cut" : state)
      + "; the last \(chain.lostBytes) bytes are cut off or damaged, and are drawn again"
  }
}
