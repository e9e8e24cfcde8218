import ArgumentParser

/// `priorkit train`: networks that are trained here.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train networks on presets and what they sound like.",
    discussion: """
      EXAMPLES:
        priorkit train regression presets.h5 --dry dry.wav --count 4000 \\
          --seed 1 -o regression.safetensors
      """,
    subcommands: [TrainRegression.self])
}
