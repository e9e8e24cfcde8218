import Testing
import Tools

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

  @Test(arguments: zip([0.0, -0.0, 0.03121, -78.7312, 12_000_000], ["0", "0", "0.03121", "-78.73", "1.2e+07"]))
  func shortNumbers(value: Double, text: String) {
    #expect(NumberText.short(value) == text)
  }

  // MARK: JSON

  @Test func jsonHasSortedKeysAndPlainSlashes() throws {
    let text = try JSONText.text(["b": "x/y", "a": "z"])
    #expect(text == "{\n  \"a\" : \"z\",\n  \"b\" : \"x/y\"\n}\n")
  }

  @Test func jsonRefusesNumbersItCannotHold() {
    let error = #expect(throws: CommandError.self) { try JSONText.text(["mean": Double.nan]) }
    #expect(error?.description.contains("mean is nan") == true)
  }

  // MARK: Errors

  @Test func errorsAreOneLine() {
    #expect(ErrorText.sentence(CommandError("first line\n  second line\n")) == "first line second line")
  }

  // MARK: Progress

  @Test func progressLineHasShareCountAndTimeLeft() {
    let text = ProgressText.line(title: "fit", completed: 25, total: 100, elapsed: .seconds(4), note: "loss 1.5")
    #expect(text == "fit: 25 % (25 of 100), 12 s left, loss 1.5")
    let last = ProgressText.line(title: "fit", completed: 100, total: 100, elapsed: .seconds(4), note: "")
    #expect(last == "fit: 100 % (100 of 100)")
  }

  @Test(arguments: [20, 40, 200])
  func progressBarFitsTheTerminal(width: Int) {
    let text = ProgressText.bar(
      title: "fit", completed: 50, total: 100, elapsed: .seconds(4), note: "loss", width: width)
    #expect(text.count < width)
    #expect(width < 200 || text == "fit [############............] 50 % (50 of 100), 4 s left, loss")
  }

  @Test(arguments: zip([0.2, 59, 61, 3600, 7384], ["1 s", "59 s", "1 min 01 s", "1 h 00 min", "2 h 03 min"]))
  func durationsReadAsPeopleSayThem(seconds: Double, text: String) {
    #expect(ProgressText.time(seconds: seconds) == text)
  }
}
