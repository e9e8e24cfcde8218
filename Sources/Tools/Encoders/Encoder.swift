import ArgumentParser
import LearnedEncoders
import Workflows

/// `priorkit encoder`: style encoders with trained weights.
struct Encoder: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encoder",
    abstract: "Look at style encoders with trained weights.",
    discussion: """
      EXAMPLES:
        priorkit encoder show afx-rep=afx-rep.safetensors
      """,
    subcommands: [EncoderShow.self])
}

/// `priorkit encoder show`: what a file of weights holds.
struct EncoderShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what an encoder is: its network, its parameters, the hash of its weights.",
    discussion: """
      EXAMPLES:
        priorkit encoder show afx-rep=afx-rep.safetensors
        priorkit encoder show afx-rep=afx-rep.safetensors --json

      Reads and checks all weights. Those of AFx-Rep are converted once from
      the published checkpoint by scripts/convert-afx-rep.py.
      """)

  @Argument(help: ArgumentHelp("The encoder, as --encoder takes it.", valueName: "encoder"))
  var encoder: EncoderArgument

  @OptionGroup var format: JSONOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard case .network = encoder.specification else {
      throw ValidationError("\(encoder) has no weights to show: name an encoder that has, as afx-rep=FILE.")
    }
  }

  func run() throws {
    guard case .network(let configuration, let path) = encoder.specification else { return }
    let weights = try global.console.during("reading \(path)") {
      try Cnn14Weights(path: path, configuration: configuration)
    }
    try Console.standardOutput(EncoderSummary(of: weights).text(isJSON: format.json))
  }
}
