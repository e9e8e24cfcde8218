import Foundation
import PresetStore
import Testing

/// States beside those that REAPER itself saved, as public repositories have them.
@Suite struct ReaperStateTests {
  /// The lines of a chain with one plugin.
  private func lines(_ plugin: ReaperChain.Plugin) -> [String] {
    ReaperChain([plugin]).text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func state(_ lines: [String]) throws -> Data {
    // Between the header and the trailer.
    try #require(Data(base64Encoded: lines[3..<lines.count - 3].joined()))
  }

  @Test func theEqualiserIsTheOneThatReaperSaves() throws {
    // The five bands of a new ReaEQ; the last is off there, and on here.
    let bands: [ReaEQ.Band] = [
      .init(shape: .lowShelf, frequencyHz: 100, gainDB: 0, octaves: 0.8),
      .init(shape: .peak, frequencyHz: 300, gainDB: 0, octaves: 2),
      .init(shape: .peak, frequencyHz: 1000, gainDB: 0, octaves: 2),
      .init(shape: .highShelf, frequencyHz: 5000, gainDB: 0, octaves: 0.8),
      .init(shape: .highPass, frequencyHz: 100, gainDB: 0, octaves: 2),
    ]
    let lines = lines(ReaEQ(bands: bands).plugin)
    #expect(lines[0] == "BYPASS 0 0")
    #expect(
      lines[1]
        == "<VST \"VST: ReaEQ (Cockos)\" reaeq.dll 0 \"\" 1919247729<56535472656571726561657100000000> \"\"")
    #expect(lines[2] == "cWVlcu5e7f4CAAAAAQAAAAAAAAACAAAAAAAAAAIAAAABAAAAAAAAAAIAAAAAAAAAzQAAAAEAAAAAABAA")
    #expect(Array(lines.suffix(3)) == ["AAAQAAAA", ">", "WAK 0 0"])
    #expect(lines.allSatisfy { $0.count <= 128 })
    let saved = try #require(
      Data(
        base64Encoded: "IQAAAAUAAAAAAAAAAQAAAAAAAAAAAFlAAAAAAAAA8D+amZmZmZnpPwEIAAAAAQAAAAAAAAAAwHJA"
          + "AAAAAAAA8D8AAAAAAAAAQAEIAAAAAQAAAAAAAAAAQI9AAAAAAAAA8D8AAAAAAAAAQAEBAAAAAQAAAAAAAAAAiLNAAAAAAAAA"
          + "8D+amZmZmZnpPwEEAAAAAAAAAAAAAAAAAFlAAAAAAAAA8D8AAAAAAAAAQAEBAAAAAQAAAAAAAAAAAPA/AAAAAEACAABrAQAA"
          + "AgAAAA=="))
    let written = try state(lines)
    #expect(written.count == saved.count)
    // Band 5 is enabled; the last 12 bytes are the place of a window.
    let differing = written.indices.dropLast(12).filter { written[$0] != saved[$0] }
    #expect(differing == [8 + 4 * 33 + 4])
  }

  @Test func theCompressorIsTheOneThatReaperSaves() throws {
    let compressor = ReaComp(
      thresholdDB: 0, ratio: 4, attackMilliseconds: 3, releaseMilliseconds: 100, levelMilliseconds: 5, makeupDB: 0)
    let lines = lines(compressor.plugin)
    #expect(
      lines[1]
        == "<VST \"VST: ReaComp (Cockos)\" reacomp.dll 0 \"\" 1919247213<5653547265636D726561636F6D700000> \"\"")
    #expect(
      lines[2]
        == "bWNlcu9e7f4EAAAAAQAAAAAAAAACAAAAAAAAAAQAAAAAAAAACAAAAAAAAAACAAAAAQAAAAAAAAACAAAAAAAAAFwAAAAAAAAAAAAQAA=="
    )
    // A new ReaComp shows these settings.
    #expect(
      try state(lines).base64EncodedString()
        == "776t3g3wrd4AAIA/ED74PKabxDsK16M8AAAAAAAAAAAAAIA/AAAAAAAAAAAAAAAAnNEHMwAAgD8AAAAAzcxMPQAAAAAAAAAAAAAAAAAAgD4"
        + "AAAAAAAAAAAAAAAA=")
  }

  @Test func tapsAreElevenNumbersEach() throws {
    let tap = ReaDelay.Tap(milliseconds: 250, volume: 0.5, pan: -1, lowPassHz: 5000)
    let lines = lines(ReaDelay(taps: [tap], wet: 1.25).plugin)
    #expect(
      lines[1]
        == "<VST \"VST: ReaDelay (Cockos)\" readelay.dll 0 \"\" 1919247468<5653547265646C72656164656C617900> \"\"")
    #expect(lines[2] == "bGRlcu5e7f4CAAAAAQAAAAAAAAACAAAAAAAAAAIAAAABAAAAAAAAAAIAAAAAAAAATAAAAAEAAAAAABAA")
    let bytes = try state(lines)
    #expect(bytes.count == 76)
    func word(_ index: Int) -> UInt32 { (0..<4).reversed().reduce(0) { $0 << 8 | UInt32(bytes[4 * index + $1]) } }
    #expect((0..<6).map(word) == [0, 0, 1, 44, 2, 0])
    let numbers = (6..<19).map { Float(bitPattern: word($0)) }
    #expect(numbers == [1.25, 0, 0, 1, 0.025, 0, 0, 0.25, 0, 1, 1, 0.5, 0])
  }
}
