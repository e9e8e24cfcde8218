import FileOutput
import Foundation
import HDF5Store
import Inference
import PresetStore
import PriorKit
import Workflows

/// What a file holds that can be drawn.
enum PlotContent {
  case presets(PresetCollection)
  case prior(Prior)
  case posterior(PosteriorDraws)
  case trace(OptimisationTrace)
  case symmetries(SymmetryFigures)
  case comparison(ComparisonFigure)
  case calibration(CoverageReport)

  /// - Throws: one sentence for a file that cannot be read or holds nothing to draw.
  init(_ path: String) throws {
    guard StoredKind.isHDF5(path) else {
      self = try Self.text(path)
      return
    }
    let reader = try HDF5Reader(path: path)
    if Byproduct(reader) == .symmetries {
      self = .symmetries(try SymmetryFigures(reader))
    } else if OptimisationTrace.isOne(reader) {
      self = .trace(try OptimisationTrace(reader, path: path))
    } else {
      switch try StoredKind(of: path) {
      case .presets: self = .presets(try PresetFile.read(path))
      case .prior: self = .prior(try PriorFile.read(path))
      case .posterior: self = .posterior(try PosteriorFile.read(path))
      case .statistics: throw Self.refusal(path, "statistics", "fit a prior to them")
      case .conditional:
        throw Self.refusal(path, "a conditional prior", "draw presets given a recording (sample --given-audio)")
      }
    }
  }

  private static func text(_ path: String) throws -> PlotContent {
    let bytes = try FileContents.data(ofFile: path)
    let isJSON = bytes.first { !" \n\r\t".utf8.contains($0) } == UInt8(ascii: "{")
    guard isJSON else { return .comparison(try ComparisonFigure(table: CSVTable(bytes, path: path), path: path)) }
    let decoder = JSONText.decoder
    if let report = try? decoder.decode(CoverageReport.self, from: bytes) {
      guard report.pairs > 0, !report.coverage.isEmpty else {
        throw CommandError(
          "\(path) tells of \(report.pairs) pairs and \(report.coverage.count) levels of coverage: "
            + "run calibrate again."
        )
      }
      return .calibration(report)
    }
    if let report = try? decoder.decode(ComparisonFigure.Report.self, from: bytes),
      let figure = ComparisonFigure(report)
    {
      return .comparison(figure)
    }
    throw refusal(path, "JSON of another command", "give that of compare or calibrate")
  }

  private static func refusal(_ path: String, _ found: String, _ remedy: String) -> CommandError {
    CommandError("\(path) holds \(found), which plot does not draw: \(remedy).")
  }
}
