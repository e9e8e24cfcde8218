import ArgumentParser
import FXParams
import FileOutput
import PresetStore

/// `priorkit import eq`
struct ImportEqualisers: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eq",
    abstract: "Import equalisers of AutoEq or Equalizer APO, one preset per file.",
    discussion: """
      EXAMPLES:
        priorkit import eq results/*/*/*ParametricEQ.txt -o presets.h5
        priorkit import eq *.txt --chain data/autoeq.yaml --at-bounds widen \\
          -o presets.h5
        priorkit import eq config.txt --chain my-chain.yaml --fill neutral \\
          -o presets.h5

      A file has lines such as `Filter 1: ON PK Fc 105 Hz Gain -3.6 dB Q 0.37`, with
      the types PK, LSC, HSC, LS, HS, LP, LPQ, HP and HPQ, and Q or BW Oct. Filters
      take the chain's bands of their kind in order; what the chain fixes must be the
      same in the file. Labels are names of files, without " ParametricEQ". Preamps,
      filters that are OFF and other commands are left out; messages say so.

      Without --chain, one is made: as many bands of each kind as the largest file
      has, with ranges that hold all values; shelves that are the same in all files
      have their frequency and Q fixed. Where files have fewer bands than the chain,
      optional ones are absent (--optional-bands makes them so), or with
      --fill neutral all have a gain of 0 dB.
      """)

  @Argument(help: "The files.")
  var files: [String]

  @Option(
    name: .long,
    help: ArgumentHelp("The description of the chain, or auto (default) to make one.", valueName: "yaml|auto"))
  var chain = "auto"

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What bands get that a file has no filter for: neutral, values that do nothing.", valueName: "neutral"))
  var fill: Fill?

  @Flag(name: .long, help: "Make bands that some files lack optional in the chain that is made.")
  var optionalBands = false

  @OptionGroup var treatment: TreatmentOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard optionalBands else { return }
    guard chain == "auto" else {
      throw ValidationError("--optional-bands is of a chain that is made: mark bands as optional in \(chain).")
    }
    guard fill == nil else {
      throw ValidationError("--optional-bands leaves bands out that --fill neutral fills: give one of them.")
    }
  }

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let description: ChainDescription? = chain == "auto" ? nil : try .read(chain)
    let presets = try EqualiserImport.read(
      files, chain: description,
      options: .init(
        fillsNeutral: fill == .neutral, makesBandsOptional: optionalBands, treatment: treatment.treatment),
      remark: global.console.message)
    let inputs = files + (description == nil ? [] : [chain])
    try presets.save(
      to: output, provenance: .ofThisCommand(seed: treatment.seed, inputs: inputs), console: global.console)
  }
}
