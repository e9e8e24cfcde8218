import ArgumentParser
import Workflows

@main
struct Priorkit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "priorkit",
    abstract: "Priors over vocal effect parameters: fit them to presets, sample, score, transfer.",
    discussion: """
      EXAMPLES:
        priorkit import diffvox diffvox/presets/internal --select train -o presets.h5
        priorkit fit presets.h5 -o prior.h5
        priorkit show prior.h5
        priorkit sample prior.h5 --count 16 --seed 1 -o samples.h5
        priorkit score prior.h5 presets.h5
        priorkit render samples.h5 --row 0 dry.wav -o wet.wav
        priorkit transfer --prior prior.h5 --reference wet.wav --dry dry.wav -o transfer

      Data goes to standard output, messages go to standard error.
      Exit codes: 0 success, 1 failure, 3 diagnostics failed, 64 wrong usage, 130 interrupted.
      """,
    version: Version.current,
    subcommands: [VersionCommand.self],
    groupedSubcommands: [
      CommandGroup(
        name: "Collections",
        subcommands: [
          Import.self, Template.self, Export.self, Select.self, Describe.self, Canonicalise.self, Equivariance.self,
          Features.self,
          Simulate.self, Retrieve.self, Collect.self,
        ]),
      CommandGroup(
        name: "Priors",
        subcommands: [Fit.self, Compare.self, Condition.self, Sample.self, Score.self, Calibrate.self]),
      CommandGroup(name: "Audio", subcommands: [Render.self, Transfer.self, Objective.self, Distance.self]),
      CommandGroup(name: "Posterior", subcommands: [Posterior.self, Diagnose.self, Report.self]),
      CommandGroup(
        name: "Evaluation",
        subcommands: [
          Evaluate.self, Tabulate.self, Recommend.self, ListeningTest.self, Encoder.self, Train.self,
        ]),
      CommandGroup(name: "Files", subcommands: [Show.self, Plot.self, Merge.self]),
    ])

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    // Swift repairs such arguments, and the file of the repaired name is not there.
    for index in arguments.indices where !isText(CommandLine.unsafeArgv[index + 1]) {
      Console.standardError(
        ErrorText.prefix(isColoured: Terminal.isColoured)
          + "The argument \(PrintableText.escaped(arguments[index])) is not UTF-8 text: rename the file.")
      exit(code: .usage)
    }
    // The parser answers --version before it looks at anything else.
    let asksForDetails = Set(arguments) == ["--version", "--verbose"]
    exit(code: Launch.run(arguments: asksForDetails ? ["version", "--verbose"] : arguments))
  }

  private static func isText(_ argument: UnsafeMutablePointer<CChar>?) -> Bool {
    argument.map { String(validatingCString: $0) != nil } ?? true
  }
}
