import ArgumentParser

/// `priorkit listening-test`: from an evaluation to a listening test, and from its results to numbers.
struct ListeningTest: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a listening test from an evaluation, and analyse its results.",
    discussion: """
      EXAMPLES:
        priorkit listening-test make run -o test \\
          --methods transfer:mfcc:0.1,transfer:mfcc:0,mean
        priorkit listening-test analyse mushra.csv --figure ratings.svg
      """,
    subcommands: [ListeningTestMake.self, ListeningTestAnalyse.self], defaultSubcommand: ListeningTestMake.self)
}
