/// The parts of the JSON of `calibrate` that are drawn.
struct CoverageReport: Decodable {
  struct Level: Decodable {
    let level: Double
    let coverage: Double
  }

  let pairs: Int
  let coverage: [Level]
  let verdict: String

  func figure() -> Figure {
    CalibrationFigures(pairs: pairs).coverage(
      levels: [0] + coverage.map(\.level) + [1], shares: [0] + coverage.map(\.coverage) + [1])
  }
}
