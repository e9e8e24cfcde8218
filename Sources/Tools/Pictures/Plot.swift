import ArgumentParser
import FXParams
import FileOutput
import Foundation
import Inference
import NumericCore
import PresetStore
import PriorKit
import Workflows

/// `priorkit plot`: what files hold, as a picture.
struct Plot: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw presets, priors, posteriors, comparisons, symmetries, traces or calibration.",
    discussion: """
      EXAMPLES:
        priorkit plot presets.h5 -o collection.svg
        priorkit plot presets.h5 --row 3 --row podcast-16 -o two.png
        priorkit plot transfer/preset.h5 prior.h5 -o found.html
        priorkit plot presets.h5 prior.h5 --parameter peak1.gain -o gain.svg
        priorkit plot prior.h5 presets.h5 -o shrinkage.svg
        priorkit plot scores.csv -o families.svg         # compare -o scores.csv
        priorkit plot report.h5 -o symmetries.svg        # equivariance -o report.h5
        priorkit plot a/trace.h5 b/trace.h5 -o traces.svg
        priorkit plot calibration.json -o coverage.svg   # calibrate --json

      Up to six presets are drawn as curves: equaliser, compressor, decay, echoes;
      priors, posteriors and larger collections beside them as fans. A collection
      alone is drawn by its correlations, components, outliers and normality; a
      prior alone, or with a collection, by its spread and what it shrank.
      --parameter draws distributions of single parameters. The ending of the
      output names its format: .svg, .png, or .html for a page with words.
      The pictures are drawn by gnuplot.
      """)

  @Argument(help: "What to draw.")
  var files: [String]

  @Option(name: .long, help: "A preset of the first file, by its number from 0 or its label; may be repeated.")
  var row: [String] = []

  @Option(
    name: .long, help: ArgumentHelp("A parameter whose distribution to draw; may be repeated.", valueName: "name"))
  var parameter: [String] = []

  @OptionGroup var output: OutputOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var global: GlobalOptions

  private enum Format: String { case svg, png, html }

  private func format() throws -> Format {
    let suffix = URL(fileURLWithPath: output.output).pathExtension.lowercased()
    guard let format = Format(rawValue: suffix) else {
      throw ValidationError("The output \(output.output) must end in .svg, .png or .html, which names its format.")
    }
    return format
  }

  func validate() throws {
    _ = try format()
    guard !files.isEmpty else { throw ValidationError("Missing expected argument '<files> ...'.") }
    guard row.isEmpty || parameter.isEmpty else {
      throw ValidationError("--row chooses presets and --parameter draws distributions of all: give one of them.")
    }
  }

  func run() throws {
    let format = try format()
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let program = try GnuplotProgram()
    let contents = try files.map { PlotFile(path: $0, content: try PlotContent($0)) }
    let picture = try PlotChoice(files: contents, rows: row, parameters: parameter, seed: random.seed).picture()
    let provenance = try Provenance.ofThisCommand(seed: random.seed, inputs: files)
    let data =
      switch format {
      case .svg: Data(try picture.figure.svgDocument(by: program, id: "plot", provenance: provenance).utf8)
      case .png: try picture.figure.png(by: program, provenance: provenance)
      case .html: Data(try picture.page(by: program, provenance: provenance).utf8)
      }
    try OutputFile.write(data, to: output.output, overwrite: output.overwriting.force)
    global.console.message("\(output.output): \(picture.caption)")
  }
}

/// A file with what it holds.
struct PlotFile {
  let path: String
  let content: PlotContent

  /// What a legend calls it.
  var name: String {
    let url = URL(fileURLWithPath: path)
    let stem = url.deletingPathExtension().lastPathComponent
    // Transfers and retrievals name their files alike: the folder tells them apart.
    let folder = url.deletingLastPathComponent().lastPathComponent
    return PrintableText.escaped(["preset", "trace"].contains(stem) && folder != "/" ? folder : stem)
  }
}

/// A figure with the words that go with it.
struct Picture {
  let figure: Figure
  let title: String
  let caption: String

  func page(by program: GnuplotProgram, provenance: Provenance) throws -> String {
    let svg = try figure.svg(by: program, id: "plot")
    return PageTemplate.page(
      title: title, subtitle: caption,
      body: "<section>\n<figure>\n\(svg)\n</figure>\n</section>\n",
      provenance: provenance)
  }
}
