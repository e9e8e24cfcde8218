import ArgumentParser
import Foundation
import TransferSetting

/// The outcomes of several runs of `TransferTable` as one table.
@main
struct TransferReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "TransferReport", abstract: "Print kept outcomes of transfers as one Markdown table.",
    discussion: """
      EXAMPLE:
        swift run -c release --package-path Experiments TransferReport published.json copula.json
      """)

  @Argument(help: "Files that TransferTable wrote with -o.") var files: [String]

  func run() throws {
    let outcomes = try files.flatMap { file in
      try JSONDecoder().decode([TransferOutcome].self, from: Data(contentsOf: URL(fileURLWithPath: file)))
    }
    print(TransferReport(outcomes).markdown)
  }
}
