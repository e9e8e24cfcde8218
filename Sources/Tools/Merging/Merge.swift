import ArgumentParser
import Foundation
import PresetStore
import Workflows

/// `priorkit merge`: the parts of some work to the whole.
struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put together statistics of parts, or the shards of one run.",
    discussion: """
      EXAMPLES:
        priorkit fit part1.h5 --statistics-only -o stats1.h5
        priorkit fit part2.h5 --statistics-only -o stats2.h5
        priorkit merge stats1.h5 stats2.h5 -o prior.h5

        priorkit simulate prior.h5 --dry dry.wav --shard 1/2 -o pairs-1.h5
        priorkit simulate prior.h5 --dry dry.wav --shard 2/2 -o pairs-2.h5
        priorkit merge pairs-1.h5 pairs-2.h5 -o pairs.h5

      Statistics give the prior of all presets together, but for rounding; with
      --statistics-only the merged statistics are written instead. Shards, which
      any command with --shard writes, give what that command writes: the same
      bytes for any number of shards, named in any order. Shards that are missing
      or of another run are named.
      """)

  @Argument(help: ArgumentHelp("The statistics files, or every shard of one run.", valueName: "part"))
  var parts: [String]

  @Flag(name: .long, help: "Of statistics: write the merged statistics instead of a prior.")
  var statisticsOnly = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let request = MergeRequest(
      paths: parts, statisticsOnly: statisticsOnly, output: output.output, overwrite: output.overwriting.force,
      console: global.console)
    guard let kind = try commonKind() else {
      if let whole = parts.first(where: RunDescription.isFolder) {
        throw CommandError("\(whole) is no shard but a whole run: there is nothing to merge, use it as it is.")
      }
      return try StatisticsMerging.merge(request)
    }
    guard !statisticsOnly else {
      throw CommandError(
        "--statistics-only is for statistics, but \(parts[0]) is a shard of \(kind.words): leave the flag out.")
    }
    guard let merging = ShardMerging.all.first(where: { $0.kinds.contains(kind) }) else {
      throw CommandError("\(parts[0]) is a shard of \(kind.words), which are not merged: use it as it is.")
    }
    try merging.merge(request)
  }

  /// Of what the parts are shards; nil for files that are none, which should be statistics.
  private func commonKind() throws -> ShardRecord.Kind? {
    let kinds = try parts.map { try StoredShard.record(of: $0)?.kind }
    if kinds.contains(where: { $0 != nil }),
      let absent = parts.first(where: { !FileManager.default.fileExists(atPath: $0) })
    {
      throw CommandError("There is no \(absent): run that shard, or correct the name.")
    }
    if let odd = kinds.indices.first(where: { kinds[$0] != kinds[0] }) {
      throw CommandError(
        "\(parts[odd]) is \(Self.words(kinds[odd])) but \(parts[0]) is \(Self.words(kinds[0])): "
          + "merge parts of one kind.")
    }
    return kinds[0]
  }

  private static func words(_ kind: ShardRecord.Kind?) -> String {
    kind.map { "a shard of \($0.words)" } ?? "no shard"
  }
}
