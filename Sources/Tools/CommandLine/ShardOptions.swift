import ArgumentParser
import PresetStore
import Workflows

/// One of several machines' share of the work.
struct ShardOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Do only the rows of shard i of n and write them for `priorkit merge`: the whole is the same for any n.",
      valueName: "i/n"),
    transform: Self.parsed)
  var shard: Shard?

  /// More machines than anybody has: what is beyond is a slip.
  private static let mostShards = 1_000_000

  @Sendable static func parsed(_ text: String) throws -> Shard {
    guard let shard = Shard(text), shard.count <= mostShards else {
      throw OutsideRange(
        description: "must be i/n, shard i from 1 to n with n up to \(mostShards), such as 2/4.")
    }
    return shard
  }

  /// What a file with the rows of the shard says of itself; nil without `--shard`.
  ///
  /// - Parameters:
  ///   - rowCount: rows of the whole work.
  ///   - terms: everything that rows depend on but the version: options, seed, digests of inputs.
  func record(_ kind: ShardRecord.Kind, rowCount: Int, terms: [ShardRecord.Term]) -> ShardRecord? {
    shard.map {
      ShardRecord(
        kind: kind, index: $0.index, count: $0.count, rowCount: rowCount, command: WorkCommand.ofThisRun,
        terms: terms)
    }
  }
}

extension ShardRecord.Term {
  /// The SHA-256 of some inputs, by what they are to the command.
  static func digests(_ name: String, _ paths: [String], of provenance: Provenance) -> [Self] {
    let digests = provenance.digests
    return paths.enumerated().map { index, path in
      Self(paths.count > 1 ? "\(name) \(index + 1)" : name, digests[path] ?? "")
    }
  }
}

/// A command line without what its rows do not depend on.
enum WorkCommand {
  private static let valued: Set = ["--shard", "--output", "-o", "--checkpoint", "--threads"]
  private static let flags: Set = ["--force", "--resume", "--quiet", "-q"]

  /// That of this process, quoted for a shell.
  static var ofThisRun: String { text(["priorkit"] + CommandLine.arguments.dropFirst()) }

  static func text(_ arguments: some Sequence<String>) -> String {
    var kept: [String] = []
    var rest = arguments.makeIterator()
    while let argument = rest.next() {
      if flags.contains(argument) || valued.contains(where: { argument.hasPrefix($0 + "=") }) { continue }
      if valued.contains(argument) {
        _ = rest.next()
        continue
      }
      kept.append(argument)
    }
    return Provenance.commandLine(kept)
  }
}
