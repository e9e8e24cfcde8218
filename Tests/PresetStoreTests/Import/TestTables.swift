import FXParams
import FileOutput
import Foundation
import PresetStore
import TestSupport
import Testing

/// A band, a compressor, a delay and a pan.
let three = ChainDescription(
  series: [
    .biquad(.init(name: "tone", response: .peak, frequencyHz: .init(30, 2000), q: .init(0.2, 20))),
    .compressorExpander(.init(name: "comp", maximumLookaheadMilliseconds: nil)),
  ], sends: [.pingPongDelay(.init(name: "echo"))], hasDirectPan: true)

/// A column of a table of one row.
typealias Column = (title: String, value: String)

/// Every parameter of a chain at one logit.
func columns(of chain: ChainDescription, logit: Double = 0.3) -> [Column] {
  chain.parameterSpace.parameters.map { ($0.name, "\($0.bijector.forward(logit))") }
}

/// A table of one row.
func table(_ columns: [Column], separator: String = ",") -> String {
  columns.map(\.title).joined(separator: separator) + "\n" + columns.map(\.value).joined(separator: separator)
    + "\n"
}

/// Reads a text as the file `x.csv`.
func importTable(
  _ text: String, _ chain: ChainDescription, _ options: CSVImport.Options = .init(),
  remark: (String) -> Void = { _ in }
) throws -> PresetCollection {
  let scratch = try Scratch()
  let path = scratch.file("x.csv")
  try OutputFile.write(Data(text.utf8), to: path, overwrite: false)
  return try CSVImport.read(path, chain: chain, options: options) { line in
    remark(line.replacingOccurrences(of: path, with: "x.csv"))
  }
}

/// Expects an error that holds each of some texts.
func expectDataError(
  _ code: DataError.Code, _ texts: [String], sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  for text in texts { expectDataError(code, text, sourceLocation: sourceLocation, body) }
}
