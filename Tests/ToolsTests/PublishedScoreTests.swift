import Foundation
import TestSupport
import Testing

/// The published `raw_scores.csv`, which is not part of this repository.
private enum PublishedScores {
  static let path = Reference.path("diffvox/raw_scores.csv")
  static let isAvailable = FileManager.default.fileExists(atPath: path)
  static let absence: Comment =
    "the published scores are absent: set PRIORKIT_SHARED to the folder that holds diffvox/raw_scores.csv"
}

/// `priorkit tabulate` on the published `raw_scores.csv`.
@Suite("The published scores", .enabled(if: PublishedScores.isAvailable, PublishedScores.absence))
struct PublishedScoreTests {
  private struct Report: Decodable {
    struct Scores: Decodable, Equatable {
      let tracks: Int
      let songs: Int
      let mean: Double
      let meanInterval: [Double]?
      let median: Double
      let trimmedMean: Double
    }
    struct Difference: Decodable {
      let pairs: Int
      let median: Double
      let medianInterval: [Double]?
      let pValue: Double
      let adjustedPValue: Double
      let rankBiserial: Double
      let isExact: Bool
    }
    struct Row: Decodable {
      let method: String
      let scores: Scores
      let difference: Difference?
    }
    struct Metric: Decodable {
      let key: String
      let methods: [Row]
      func row(_ method: String) throws -> Row { try #require(methods.first { $0.method == method }) }
    }
    struct PublishedRow: Decodable {
      let method: String
      let publishedName: String
      let sharesTracks: Bool
      let own: Scores
      let published: Scores
      let difference: Difference?
    }
    struct PublishedMetric: Decodable { let methods: [PublishedRow] }
    struct Published: Decodable { let metrics: [PublishedMetric] }
    let tracks: Int
    let songs: Int
    let metrics: [Metric]
    let against: Published?
    func metric(_ key: String) throws -> Metric { try #require(metrics.first { $0.key == key }) }
  }

  private func report(_ arguments: [String]) throws -> Report {
    let result = try runTool(["tabulate", "--json", "--resamples", "200"] + arguments)
    try #require(result.exitCode == 0, "\(result.standardError)")
    return try snakeCaseDecoder.decode(Report.self, from: Data(result.standardOutput.utf8))
  }

  private static let columns = ["mss_lr", "mss_ms", "mldr_lr", "mldr_ms", "param_mse"]

  /// Means, and medians in brackets, as they were written down when the published file was first averaged.
  private static let table = """
    oracle .765 (.775) 1.00 (1.01) .403 (.313) .452 (.383) 0
    afx 1.257 (1.210) 37.6 (1.58) .763 (.656) .834 (.807) 8.84 (7.76)
    afx_001 1.071 (.997) 20.2 (1.62) .700 (.562) .822 (.785) 6.84 (5.92)
    afx_01 1.040 (.987) 7.59 (1.52) .772 (.634) .884 (.829) 6.38 (5.17)
    afx_1 1.111 (1.093) 6.82 (1.81) .910 (.739) 1.033 (1.013) 6.81 (5.34)
    mfcc 1.605 2.21 1.503 1.507 10.05
    mfcc_001 1.286 2.94 1.088 1.153 7.62
    mfcc_01 1.100 1.96 .932 1.023 6.95
    mfcc_1 1.105 2.09 .917 .999 6.84
    mir 1.837 104 1.250 1.262 7.93
    mir_001 1.448 158 1.194 1.271 7.11
    mir_01 1.267 67.1 1.074 1.171 6.94
    mir_1 1.146 35.3 .955 1.099 6.92
    regression 1.126 (1.056) 72.4 (1.59) .909 (.793) 1.102 (1.078) 7.19 (5.00)
    nn_afx 1.117 31.1 .797 .927 10.14
    nn_mfcc 1.113 6.38 .883 1.005 10.51
    nn_mir 1.214 27.1 1.023 1.152 11.34
    nn_param 1.147 (1.157) 3.91 (1.69) .874 (.831) 1.003 (1.012) 5.25 (4.15)
    mean 1.142 (1.129) 9.83 (1.85) .949 (.816) 1.118 (1.075) 6.90 (5.31)
    """

  /// Whether a number rounds to a text directly; otherwise it must do so once it is rounded to four significant digits,
  /// as a few numbers of the table were before: 6.8046, 6.805, 6.81.
  private func roundsDirectly(_ value: Double, _ text: Substring, _ place: String) throws -> Bool {
    let digits = text.split(separator: ".", omittingEmptySubsequences: false)
    let unit = pow(10, -Double(digits.count > 1 ? digits[1].count : 0))
    let expected = try #require(Double("0\(text)"))
    func rounds(_ value: Double) -> Bool { (value - expected).magnitude <= 0.5 * unit + 1e-9 }
    guard !rounds(value) else { return true }
    let short = try #require(Double(String(format: "%.4g", value)))
    #expect(rounds(short), "\(place): \(value) against \(text)")
    return false
  }

  @Test func everyMeanAndMedianIsFound() throws {
    let report = try report([PublishedScores.path])
    #expect(report.tracks == 65 && report.songs == 48)
    var (means, medians, indirect) = (0, 0, 0)
    for line in Self.table.split(separator: "\n") {
      var words = line.split(separator: " ")[...]
      let method = String(words.removeFirst())
      for column in Self.columns {
        let row = try report.metric(column).row(method)
        #expect(row.scores.tracks == 65 && row.scores.songs == 48)
        if try !roundsDirectly(row.scores.mean, words.removeFirst(), "\(method) \(column) mean") { indirect += 1 }
        means += 1
        guard let median = words.first, median.hasPrefix("(") else { continue }
        words.removeFirst()
        let text = median.dropFirst().dropLast()
        if try !roundsDirectly(row.scores.median, text, "\(method) \(column) median") { indirect += 1 }
        medians += 1
      }
      #expect(words.isEmpty)
    }
    // PMSE of afx_1 and mir_01, MSS m/s of nn_afx.
    #expect(means == 95 && medians == 39 && indirect == 3)
  }

  /// The means lie in their intervals, and medians of differences in theirs.
  @Test func intervalsHoldWhatTheyAreOf() throws {
    for metric in try report([PublishedScores.path]).metrics {
      for row in metric.methods {
        let ends = try #require(row.scores.meanInterval)
        #expect(ends[0] <= row.scores.mean && row.scores.mean <= ends[1], "\(metric.key) \(row.method)")
        guard let difference = row.difference, let medians = difference.medianInterval else { continue }
        #expect(medians[0] <= difference.median && difference.median <= medians[1], "\(metric.key) \(row.method)")
        #expect(difference.adjustedPValue >= difference.pValue && difference.pairs == 48)
      }
    }
  }

  /// By stem as once quoted, and all by SciPy 1.17.1: `wilcoxon(x, method="asymptotic", correction=True)`, by song on the
  /// means of the stems of each song.
  @Test(
    arguments: [
      ("stem", "mss_lr", 3.833709967804367e-06), ("stem", "param_mse", 8.263381993071823e-11),
      ("stem", "mldr_lr", 0.8089408534191947), ("stem", "mldr_ms", 0.11377416159885693),
      ("song", "mss_lr", 1.1616011557184685e-05), ("song", "param_mse", 2.7871399101312324e-09),
      ("song", "mldr_lr", 0.8817746545538199), ("song", "mss_ms", 0.42073959244039205),
    ])
  func wilcoxonOfThePriorAgainstNone(_ unit: String, _ column: String, _ expected: Double) throws {
    let report = try report([PublishedScores.path, "--methods", "afx,afx_01", "--baseline", "afx", "--by", unit])
    let difference = try #require(try report.metric(column).row("afx_01").difference)
    #expect(difference.pairs == (unit == "stem" ? 65 : 48) && !difference.isExact)
    // Song means may round otherwise, which leaves ranks as they are; the tail is good to the last bits.
    #expect((difference.pValue / expected - 1).magnitude < 1e-10, "\(difference.pValue)")
    // A single comparison is not corrected.
    #expect(difference.adjustedPValue == difference.pValue)
  }

  @Test func theWrittenTableIsThePublishedOne() throws {
    let space = try Workspace()
    let first = try space.succeed([
      "tabulate", PublishedScores.path, "--format", "csv", "--resamples", "100", "-o", "out.csv",
    ])
    let second = try space.succeed(["tabulate", "out.csv", "--format", "csv", "--resamples", "100"])
    #expect(first.standardOutput == second.standardOutput)
    func rows(_ text: String) -> [String: [Double]] {
      Dictionary(
        text.split(whereSeparator: \.isNewline).dropFirst().map { line in
          let cells = line.split(separator: ",")
          return (cells[..<3].joined(separator: ","), cells[3...].compactMap { Double($0) })
        }, uniquingKeysWith: { first, _ in first })
    }
    let published = try String(contentsOfFile: PublishedScores.path, encoding: .utf8)
    let written = try space.text("out.csv")
    // The published lines end in CR LF.
    #expect(written.prefix { !$0.isNewline } == published.prefix { !$0.isNewline })
    #expect(rows(written) == rows(published) && rows(written).count == 1235)
  }

  @Test func besideItselfNothingDiffers() throws {
    let report = try report([PublishedScores.path, "--against", PublishedScores.path])
    let rows = try #require(report.against).metrics.flatMap(\.methods)
    #expect(rows.count == 95)
    for row in rows {
      #expect(row.method == row.publishedName && row.sharesTracks && row.own == row.published)
      #expect(row.difference?.pValue == 1 && row.difference?.rankBiserial == 0)
    }
  }

  /// Scores here of other songs are set beside the 65 tracks; those of the same songs are compared on them.
  @Test func ownScoresStandBesideThoseOfTheSameConfiguration() throws {
    let space = try Workspace()
    let lines = try String(contentsOfFile: PublishedScores.path, encoding: .utf8).split(whereSeparator: \.isNewline)
    let own = lines.filter { $0.hasPrefix("mfcc_01,") }.prefix(40)
      .map { "transfer:mfcc:0.1," + $0.dropFirst("mfcc_01,".count) }
    let strange = own.map { $0.replacing("_RAW", with: "_MINE") }
    let tail = "\nno-effect,x,y,1,1,1,1,1\n"
    try space.store((lines[0] + "\n" + own.joined(separator: "\n") + tail).utf8, as: "own.csv")
    try space.store((lines[0] + "\n" + strange.joined(separator: "\n") + tail).utf8, as: "strange.csv")
    let same = try report([space.path("own.csv"), "--all-tracks", "--against", PublishedScores.path])
    let shared = try #require(same.against?.metrics.first?.methods.first)
    #expect(shared.publishedName == "mfcc_01" && shared.sharesTracks && shared.difference?.pValue == 1)
    #expect(shared.own == shared.published && shared.own.tracks == 40)
    let other = try report([space.path("strange.csv"), "--all-tracks", "--against", PublishedScores.path])
    let apart = try #require(other.against?.metrics.first?.methods.first)
    #expect(
      !apart.sharesTracks && apart.difference == nil && apart.own.tracks == 40 && apart.published.tracks == 65)
    #expect(other.against?.metrics.first?.methods.count == 1)
  }
}
