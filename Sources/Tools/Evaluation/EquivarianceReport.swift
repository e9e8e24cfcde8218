import FXParams
import FileOutput
import HDF5Store
import Inference
import PresetStore
import PriorKit
import Workflows

/// What `priorkit equivariance` found. The property names are the keys of its JSON.
struct EquivarianceReport: Encodable {
  let diagnosis: EquivarianceDiagnosis
  let canonical: CanonicalisationReport
  let directions: [SensitivitySearch.Direction]
  /// What it comes to.
  let conclusions: [String]

  // MARK: - Terminal

  var text: String {
    "\(diagnosis.presets) presets; output on \(diagnosis.dry)\n\n" + findings + "\n" + criteria + distance
      + (directions.isEmpty ? "" : "\n" + searched) + "\n" + conclusions.map { "- \($0)\n" }.joined()
  }

  private var findings: String {
    let encoders = Set(diagnosis.findings.flatMap(\.embeddingAngle.keys)).sorted()
    var table = TextTable(
      [
        ("symmetry", .left), ("kind", .left), ("applies", .right), ("heard", .right), ("band dB", .right),
        ("rel. error", .right),
      ] + encoders.map { ("\($0) rad", .right) } + [("log p", .right), ("quartiles", .right)])
    for finding in diagnosis.findings {
      let change = finding.logDensityChange
      table.append(
        [
          finding.name, finding.effect == .mirrored ? "\(finding.kind.rawValue), mirrored" : finding.kind.rawValue,
          "\(finding.applies)", "\(finding.rendered)", Self.number(finding.largestBandDB?.highest),
          Self.number(finding.relativeError?.highest),
        ] + encoders.map { Self.number(finding.embeddingAngle[$0]?.highest) } + [
          Self.number(change?.median),
          change.map { Self.number($0.lowerQuartile) + " " + Self.number($0.upperQuartile) } ?? "",
        ])
    }
    return table.text + "(deviations: the largest of the presets heard; log p: the median change in nats)\n"
  }

  private var criteria: String {
    let approximate = diagnosis.findings.filter { !$0.criterion.isEmpty }
    guard !approximate.isEmpty else { return "" }
    let lines = approximate.map { "  \($0.name): \($0.criterion.joined(separator: ", "))\n" }
    return "approximate symmetries apply where\n" + lines.joined() + "\n"
  }

  private var distance: String {
    let moved = canonical.generators.filter { $0.moved > 0 }.map { "\($0.name) \($0.moved)" }
    return "from canonical: \(canonical.movedPresets) of \(canonical.presets) presets would move"
      + (moved.isEmpty ? "\n" : " (\(moved.joined(separator: ", ")))\n")
  }

  private var searched: String {
    var table = TextTable([
      ("motion", .left), ("length to 1 dB", .right), ("direction", .left), ("declared", .left),
    ])
    for direction in directions {
      let length = direction.isUnbounded ? "over " : ""
      table.append([
        direction.motion.rawValue, length + NumberText.short(direction.measuredLength), direction.name,
        direction.declared ?? "",
      ])
    }
    return "directions that hardly matter (translations in logits, scalings in log factors)\n\n" + table.text
  }

  private static func number(_ value: Double?) -> String { value.map { NumberText.short($0, digits: 3) } ?? "" }

  // MARK: - File

  /// Names and figures as arrays with one row per symmetry or direction; NaN where there is no figure.
  func write(to path: String, provenance: Provenance, overwrite: Bool) throws {
    let found = diagnosis.findings
    try HDF5Writer.create(path, overwrite: overwrite) { file in
      try provenance.write(to: file)
      try file.write(found.map(\.name), to: "/symmetries/names")
      try file.write(found.map(\.kind.rawValue), to: "/symmetries/kinds")
      try file.write(found.map(\.applies), shape: [found.count], to: "/symmetries/applies")
      try file.write(found.map(\.rendered), shape: [found.count], to: "/symmetries/rendered")
      func write(_ name: String, _ quantiles: [EquivarianceDiagnosis.Quantiles?]) throws {
        let values = quantiles.flatMap { quantile in
          quantile.map { [$0.lowest, $0.lowerQuartile, $0.median, $0.upperQuartile, $0.highest] }
            ?? Array(repeating: .nan, count: 5)
        }
        try file.write(values, shape: [quantiles.count, 5], to: "/symmetries/" + name)
      }
      try write("largest_band_db", found.map(\.largestBandDB))
      try write("relative_error", found.map(\.relativeError))
      try write("log_density_change", found.map(\.logDensityChange))
      for encoder in Set(found.flatMap(\.embeddingAngle.keys)).sorted() {
        try write("embedding_angle_" + encoder, found.map { $0.embeddingAngle[encoder] })
      }
      guard !directions.isEmpty else { return }
      try file.write(directions.map(\.motion.rawValue), to: "/directions/motions")
      try file.write(directions.map(\.name), to: "/directions/names")
      try file.write(directions.map { $0.declared ?? "" }, to: "/directions/declared")
      try file.write(directions.map(\.measuredLength), shape: [directions.count], to: "/directions/lengths")
    }
  }
}
