import ArgumentParser
import FXParams
import FileOutput
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import Workflows

/// `priorkit template`: a table to fill in with presets of a chain.
struct Template: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a table to fill in with presets of a chain, and list its parameters.",
    discussion: """
      EXAMPLES:
        priorkit template my-chain.yaml -o my-presets.csv
        priorkit template presets.h5 -o my-presets.csv --json

      The table has a column for every parameter, in physical units, and one row as
      an example, with every parameter in the middle of its range: replace it by
      your presets and give the table to `priorkit import csv`. The list on standard
      output has the name, unit, bounds and meaning of each parameter, and the unit
      that may stand behind its name: a column `compressor.attack_coefficient [ms]`
      holds times in place of coefficients. Where the chain has optional effects, a
      preset without one has all its cells empty.
      """)

  @Argument(help: "The description of the chain (YAML), or a preset or prior file of that chain.")
  var chain: String

  @OptionGroup var format: JSONOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let chain = try StoredKind.isHDF5(chain) ? storedChain() : .read(chain)
    let descriptions = chain.parameterDescriptions
    let logits = try chain.parameterSpace.logits(ofValues: descriptions.map(\.middle))
    let example = PresetCollection(chain: chain, theta: Matrix(rows: [logits]), labels: ["example"])
    try CSVExport.write(example, to: output.output, overwrite: output.overwriting.force)
    try Console.standardOutput(ParameterTable(descriptions).text(isJSON: format.json))
    global.console.message(
      "\(output.output): a column for each of \(descriptions.count) parameters, and one row as an example")
    if !chain.optionalEffects.isEmpty {
      global.console.message(
        "presets may lack \(chain.optionalNames.joined(separator: ", ")): leave all cells of such an effect empty, "
          + "and those of gains from or to it")
    }
    if !chain.furtherOrders.isEmpty {
      global.console.message("order: the number of the order of the series, 1 to \(chain.orders.count)")
    }
    let fixed = chain.statedFixedParameters
    if !fixed.isEmpty {
      global.console.message("fixed by the chain: \(fixed.map(\.description).joined(separator: ", "))")
    }
  }

  private func storedChain() throws -> ChainDescription {
    switch try StoredKind(of: chain) {
    case .presets:
      do { return try PresetStream(chain).chain } catch let error as DataError where error.code == .varyingShape {
        return try PresetFile.read(chain, acceptsVaryingShape: true).chain
      }
    case .prior: return try PriorFile.read(chain, acceptsVaryingShape: true).chain
    case .conditional: return try ConditionalPriorFile.read(chain).chain
    case .statistics, .posterior:
      throw CommandError("\(chain) is no preset or prior file: give one, or the description of the chain.")
    }
  }
}

/// The parameters of a chain, for people who fill in a table.
struct ParameterTable: Encodable {
  struct Entry: Encodable {
    let name: String
    let unit: String
    /// In ``unit``; nil where there is none.
    let lower: Double?
    /// In ``unit``; nil where there is none.
    let upper: Double?
    /// The name of a column of the derived quantity; nil where there is none.
    let derivedName: String?
    let derivedUnit: String?
    let meaning: String
  }

  let parameters: [Entry]

  init(_ descriptions: [ParameterDescription]) {
    parameters = descriptions.map { description in
      let (parameter, derived) = (description.parameter, description.derived?.unit.rawValue)
      let ends = parameter.ends
      return Entry(
        name: parameter.name, unit: parameter.unit.rawValue,
        lower: ends.lower, upper: ends.upper,
        derivedName: derived.map { "\(parameter.name) [\($0)]" }, derivedUnit: derived,
        meaning: description.meaning)
    }
  }

  func text(isJSON: Bool) throws -> String {
    guard !isJSON else { return try JSONText.text(self) }
    var table = TextTable([
      ("parameter", .left), ("unit", .left), ("lower", .right), ("upper", .right), ("or as", .left),
      ("meaning", .left),
    ])
    for entry in parameters {
      table.append([
        entry.name, entry.unit, entry.lower.map { NumberText.short($0, digits: 6) } ?? "-inf",
        entry.upper.map { NumberText.short($0, digits: 6) } ?? "inf", entry.derivedName ?? "", entry.meaning,
      ])
    }
    return table.text
  }
}
