import FXParams
import Testing

/// The committed collection against the chain that it belongs to.
@Suite struct DefaultPresetTests {
  private struct Row {
    let label: String
    let group: String
    let values: [Double]
  }

  private func table() throws -> (header: [String], rows: [Row]) {
    let lines = try dataFile("presets.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let header = try #require(lines.first)
    let rows = try lines.dropFirst().map { cells in
      try #require(cells.count == header.count)
      return Row(label: cells[0], group: cells[1], values: try cells.dropFirst(2).map { try #require(Double($0)) })
    }
    return (header, rows)
  }

  @Test func columnsAreTheParametersOfTheChain() throws {
    let chain = try ChainDescription.load(dataFile("chain.yaml"))
    #expect(try table().header == ["label", "group"] + chain.parameterSpace.names)
  }

  @Test func everyPresetHasLogitsThatGiveItBack() throws {
    let space = ChainDescription.diffVox.parameterSpace
    let rows = try table().rows
    #expect(rows.count >= 300)
    for row in rows {
      let logits = try space.logits(ofValues: row.values)
      for (again, value) in zip(space.values(ofLogits: logits), row.values) {
        #expect(again.isAlmost(value, tolerance: 1e-11), "\(row.label)")
      }
    }
  }

  @Test func labelsAreNumberedWithinTheirStyles() throws {
    let rows = try table().rows
    #expect(Set(rows.map(\.label)).count == rows.count)
    let styles = Dictionary(grouping: rows, by: \.group)
    #expect(styles.count == 12)
    for (style, members) in styles {
      #expect(members.count == 30)
      for (position, member) in members.enumerated() {
        let number = position + 1
        #expect(member.label == "\(style)-\(number < 10 ? "0" : "")\(number)")
      }
    }
  }

  /// Each style does what its name says.
  @Test func stylesAreWhatTheyAreCalled() throws {
    let chain = ChainDescription.diffVox
    let space = chain.parameterSpace
    let styles = Dictionary(grouping: try table().rows, by: \.group)

    func readings(_ style: String, _ name: String) throws -> [Double] {
      let position = try #require(space.index(of: name))
      return try #require(styles[style]).map { row in
        let reading = try chain.describe(logits: space.logits(ofValues: row.values))[position]
        return reading.derived?.value ?? reading.value
      }
    }
    func expect(_ style: String, _ name: String, _ range: ClosedRange<Double>) throws {
      #expect(try readings(style, name).allSatisfy(range.contains), "\(style): \(name)")
    }
    try expect("slapback", "delay.time", 100...145)
    try expect("slapback", "delay.odd_pan", -8...8)
    try expect("telephone", "highpass.frequency", 280...480)
    try expect("telephone", "lowpass.frequency", 2800...4200)
    try expect("dub", "delay.feedback", -7...(-2))
    try expect("podcast", "delay.gain", -50...(-40))
    try expect("rap", "compressor.attack_coefficient", 1...5)
    try expect("ambient-wash", "reverb.gamma.2", 2.9...7.2)
    try expect("podcast", "reverb.gamma.2", 0.25...0.7)
  }

  /// The highs die away before the lows: T60 of the lowest eighth against that of the highest, in every preset.
  @Test func decayTimesFallWithFrequency() throws {
    let chain = ChainDescription.diffVox
    let space = chain.parameterSpace
    let first = try #require(space.index(of: "reverb.gamma.1"))
    for row in try table().rows {
      let readings = try chain.describe(logits: space.logits(ofValues: row.values))
      let times = readings[first..<first + 49].compactMap { $0.derived?.value }
      try #require(times.count == 49)
      let (low, high) = (times.prefix(6).reduce(0, +) / 6, times.suffix(6).reduce(0, +) / 6)
      #expect(low > 1.2 * high && times.allSatisfy { (0.05...8.9).contains($0) }, "\(row.label)")
    }
  }
}
