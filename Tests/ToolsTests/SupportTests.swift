import Testing
import Tools
import Workflows

@Suite("Texts that commands print")
struct SupportTests {
  // MARK: Tables

  @Test func tableColumnsAlign() {
    var table = TextTable([("parameter", .left), ("mean", .right), ("unit", .left)])
    table.append(["peak1.gain", "-1.5", "dB"])
    table.append(["q", "12.25", "1"])
    #expect(
      table.text == """
        parameter    mean  unit
        peak1.gain   -1.5  dB
        q           12.25  1

        """)
  }

  // MARK: Numbers

  @Test(arguments: [0.1, -1.0 / 3, 6.02214076e23, Double.leastNonzeroMagnitude, -78.735])
  func fullNumbersReadBackExactly(value: Double) {
    #expect(Double(NumberText.full(value)) == value)
  }

  @Test(
    arguments: zip(
      [0.0, -0.0, 0.03121, -78.7312, 16_066, -123_456, 999_999, 12_000_000],
      ["0", "0", "0.03121", "-78.73", "16070", "-123500", "1e+06", "1.2e+07"]))
  func shortNumbers(value: Double, text: String) {
    #expect(NumberText.short(value) == text)
  }

  // MARK: JSON

  @Test func jsonHasSortedKeysAndPlainSlashes() throws {
    let text = try JSONText.text(["b": "x/y", "a": "z"])
    #expect(text == "{\n  \"a\" : \"z\",\n  \"b\" : \"x/y\"\n}\n")
  }

  @Test func jsonRefusesNumbersItCannotHold() {
    let error = #expect(throws: WorkflowError.self) { try JSONText.text(["mean": Double.nan]) }
    #expect(error?.description.contains("mean is nan") == true)
  }

  // MARK: Errors

  @Test func errorsAreOneLine() {
    #expect(ErrorText.sentence(CommandError("first line\n  second line\n")) == "first line second line")
  }

  // MARK: Progress

  @Test func progressLineHasShareCountAndTimeLeft() {
    var count = ProgressCount(completed: 25, total: 100, pace: 0.16, elapsed: 4)
    #expect(
      ProgressText.line(title: "fit", count: count, note: "loss 1.5")
        == "fit: 25 % (25 of 100), 12 s left, loss 1.5")
    count.pace = nil
    #expect(ProgressText.line(title: "fit", count: count, note: "") == "fit: 25 % (25 of 100)")
    count = ProgressCount(completed: 100, total: 100, pace: 0.16, elapsed: 4)
    #expect(ProgressText.line(title: "fit", count: count, note: "") == "fit: 100 % (100 of 100)")
  }

  @Test func workThatMayEndSoonerSaysAtMost() {
    let count = ProgressCount(completed: 25, total: 100, isLimit: true, pace: 0.16, elapsed: 4)
    #expect(
      ProgressText.line(title: "transfer", count: count, note: "loss 1.5")
        == "transfer: 25 of at most 100, at most 12 s left, loss 1.5")
  }

  /// What comes before the first step, and steps that are too few to judge by, say nothing about the others.
  @Test func paceIsThatOfTheStepsAfterTheFirst() {
    var pace = ProgressPace()
    #expect(pace.secondsPerStep == nil)
    pace.step(at: 60)
    #expect(pace.secondsPerStep == nil)
    pace.step(at: 60.5)
    #expect(pace.secondsPerStep == nil)
    pace.step(at: 61)
    #expect(pace.secondsPerStep == 0.5)
    var slow = ProgressPace()
    slow.step(at: 3)
    slow.step(at: 5)
    #expect(slow.secondsPerStep == 2)
  }

  @Test(arguments: [20, 40, 200])
  func progressBarFitsTheTerminal(width: Int) {
    let count = ProgressCount(completed: 50, total: 100, pace: 0.08, elapsed: 4)
    let text = ProgressText.bar(title: "fit", count: count, note: "loss", width: width)
    #expect(text.count < width)
    #expect(width < 200 || text == "fit [############............] 50 % (50 of 100), 4 s left, loss")
  }

  @Test func progressBarCountsTheSecondsWhileNothingElseIsKnown() {
    var count = ProgressCount(completed: 0, total: 100, isLimit: true, elapsed: 3.4)
    #expect(
      ProgressText.bar(title: "transfer", count: count, note: "", width: 200)
        == "transfer [........................] 0 of at most 100, 3 s so far")
    count.elapsed = 0.4
    #expect(
      ProgressText.bar(title: "transfer", count: count, note: "", width: 200)
        == "transfer [........................] 0 of at most 100")
    #expect(ProgressText.activity("reading dry.wav", elapsed: 2.5, width: 200) == "reading dry.wav, 2 s so far")
  }

  @Test(arguments: zip([0.04, 3.21, 9.94, 9.96, 61], ["0.0 s", "3.2 s", "9.9 s", "10 s", "1 min 01 s"]))
  func durationsThatAreOverHaveTenths(seconds: Double, text: String) {
    #expect(ProgressText.duration(seconds: seconds) == text)
  }

  @Test(arguments: zip([0.2, 59, 61, 3600, 7384], ["1 s", "59 s", "1 min 01 s", "1 h 00 min", "2 h 03 min"]))
  func durationsReadAsPeopleSayThem(seconds: Double, text: String) {
    #expect(ProgressText.time(seconds: seconds) == text)
  }
}
