import AudioFiles
import Evaluation
import Foundation
import PresetStore
import TestSupport
import Testing
import Workflows
import Yams

/// A listening test from noise.
@Suite("The folder of a listening test")
struct ListeningTestFolderTests {
  private let scratch = TestFolder()

  private func preparation(_ folder: NoiseEvaluation = NoiseEvaluation()) throws -> ListeningTestPreparation {
    try folder.write(to: scratch.file("run"))
    var preparation = ListeningTestPreparation(
      of: try EvaluatedTracks(folder: scratch.file("run")), name: "my test")
    preparation.seconds = 1
    preparation.count = 2
    preparation.trainingCount = 1
    return preparation
  }

  private func write(_ preparation: ListeningTestPreparation, _ monitor: RecordingMonitor) throws
    -> ListeningTestPlan
  {
    let plan = try preparation.plan(monitor: monitor)
    let folder = try ListeningTestFolder(scratch.file("test"), for: plan)
    try folder.write(provenance: Provenance(arguments: ["test"], seed: 0), monitor: monitor)
    return plan
  }

  private func configuration() throws -> [String: Any] {
    let text = try String(contentsOfFile: scratch.file("test/configs/my-test.yaml"), encoding: .utf8)
    return try #require(try Yams.load(yaml: text) as? [String: Any])
  }

  private func sounds(of plan: ListeningTestPlan) throws -> [AudioBuffer] {
    try plan.pages.flatMap { [$0.reference] + $0.stimuli }
      .map { try AudioReader.read(path: scratch.file("test/" + $0.file)) }
  }

  @Test func soundsHaveOneLengthRateLoudnessAndRoomAbove() throws {
    let monitor = RecordingMonitor()
    let plan = try write(preparation(), monitor)
    let sounds = try sounds(of: plan)
    // Three pages of three methods, the dry track and the reference.
    #expect(sounds.count == 15)
    for sound in sounds {
      #expect(sound.frameCount == 44_100 && sound.channelCount == 2 && sound.sampleRate == 44_100)
      #expect(abs(try sound.integratedLoudness() + 23) < 0.1)
      #expect(sound.peak < 0.8913)
      // Faded: half a sample's angle into a cosine of 441.
      #expect(sound.channels.allSatisfy { abs($0[0]) < 1e-4 && abs($0[44_099]) < 1e-4 })
    }
    #expect(monitor.warnings.isEmpty, "\(monitor.warnings)")
    let encoding = try AudioReader(path: scratch.file("test/" + plan.pages[0].reference.file)).encoding
    #expect(encoding == "Signed 24 bit PCM")
    // The dry track is mono: both channels are the same.
    let dry = try #require(plan.pages[0].stimuli.first { $0.name == "dry" })
    let audio = try AudioReader.read(path: scratch.file("test/" + dry.file))
    #expect(audio.channels[0] == audio.channels[1])
  }

  @Test func theLoudSecondIsCutFromEveryRecording() throws {
    _ = try write(preparation(), RecordingMonitor())
    let key = try key()
    #expect(key.pages.count == 3 && key.pages.allSatisfy { $0.startSeconds == 1 })
    // Levels of the recordings are 0.3 for the reference and 0.1 for the input: 9.5 dB, and 3 dB for one channel.
    for page in key.pages {
      let gains = Dictionary(uniqueKeysWithValues: page.sounds.map { ($0.id, $0.gainDb) })
      #expect(Set(gains.keys) == ["reference", "dry", "mean", "transfer:mfcc:0", "transfer:mfcc:0.1"])
      let difference = try #require(gains["dry"]) - (try #require(gains["reference"]))
      #expect(abs(difference - 9.54) < 0.2)
    }
  }

  private func key() throws -> Key {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Key.self, from: Data(contentsOf: scratch.url("test/listening-test.json")))
  }

  private struct Key: Decodable {
    struct Page: Decodable {
      let startSeconds: Double
      let sounds: [Sound]
    }
    struct Sound: Decodable {
      let id: String
      let file: String
      let gainDb: Double
    }
    let loudnessLufs: Double
    let reductionDb: Double
    let pages: [Page]
  }

  @Test func theConfigurationIsWhatWebMUSHRAReads() throws {
    var preparation = try preparation()
    preparation.hasLowAnchor = true
    let plan = try write(preparation, RecordingMonitor())
    let schema = WebMUSHRASchema(try configuration())
    #expect(schema.faults.isEmpty, "\(schema.faults)")
    #expect(
      schema.pages.map { $0["type"] as? String } == ["generic", "volume", "mushra", "mushra", "mushra", "finish"])
    for sound in schema.sounds {
      #expect(FileManager.default.fileExists(atPath: scratch.file("test/" + sound)), "\(sound)")
    }
    #expect(Set(schema.sounds) == Set(plan.pages.flatMap { [$0.reference.file] + $0.stimuli.map(\.file) }))
    let pages = schema.pages.filter { $0["type"] as? String == "mushra" }
    #expect(pages.map { $0["id"] as? String } == ["train_01", "trial_01", "trial_02"])
    for (page, planned) in zip(pages, plan.pages) {
      let stimuli = try #require(page["stimuli"] as? [String: String])
      #expect(stimuli == Dictionary(uniqueKeysWithValues: planned.stimuli.map { ($0.name, $0.file) }))
      #expect(page["createAnchor35"] as? Bool == true && page["createAnchor70"] as? Bool == false)
    }
    // The pages that count are one list, which is shuffled.
    let lists = try #require(configuration()["pages"] as? [Any]).compactMap { $0 as? [Any] }
    #expect(lists.count == 1 && lists[0].first as? String == "random" && lists[0].count == 3)
  }

  /// The schema sees what it is for.
  @Test func theSchemaRefuses() throws {
    _ = try write(preparation(), RecordingMonitor())
    let good = try configuration()
    func faults(_ change: (inout [String: Any]) -> Void) -> Int {
      var changed = good
      change(&changed)
      return WebMUSHRASchema(changed).faults.count
    }
    #expect(faults { _ in } == 0)
    #expect(faults { $0["bufferSize"] = 1000 } == 1)
    #expect(faults { $0["testId"] = nil } == 1)
    #expect(faults { $0["extra"] = 1 } == 1)
    #expect(faults { $0["pages"] = Array(($0["pages"] as? [Any] ?? []).dropLast()) } == 1)
    #expect(
      faults { $0["pages"] = ($0["pages"] as? [Any] ?? []).map { ($0 as? [Any]).map { $0 + ["random"] } ?? $0 } }
        == 1)
  }

  /// Lists are indented, and one inside another begins below its bullet.
  @Test func listsAreLaidOutAsInItsExamples() throws {
    _ = try write(preparation(), RecordingMonitor())
    let lines = try String(contentsOfFile: scratch.file("test/configs/my-test.yaml"), encoding: .utf8)
      .split(separator: "\n")
    func indent(_ line: Substring) -> Int { line.prefix { $0 == " " }.count }
    var lists = 0
    for (line, next) in zip(lines, lines.dropFirst()) {
      #expect(!line.drop { $0 == " " }.hasPrefix("- -"))
      guard line.hasSuffix(":") else { continue }
      lists += 1
      let start = indent(line) + (line.drop { $0 == " " }.hasPrefix("- ") ? 2 : 0)
      #expect(indent(next) > start, "\(line)\n\(next)")
    }
    // The pages, three maps of stimuli, the questions and the answers of one.
    #expect(lists == 6)
  }

  @Test func namesOfFilesTellNothing() throws {
    let plan = try write(preparation(), RecordingMonitor())
    for page in plan.pages {
      let names = page.stimuli.map { $0.file.split(separator: "/").last.map(String.init) ?? "" }
      #expect(names == ["1.wav", "2.wav", "3.wav", "4.wav"])
      #expect(page.stimuli.allSatisfy { $0.file.hasPrefix("configs/resources/audio/my-test/\(page.id)/") })
    }
    // The order differs from page to page.
    #expect(Set(plan.pages.map { $0.stimuli.map(\.name) }).count > 1)
  }

  @Test func aPeakLowersEverySound() throws {
    var folder = NoiseEvaluation()
    folder.spikyMethod = "mean"
    let monitor = RecordingMonitor()
    let plan = try write(preparation(folder), monitor)
    #expect(monitor.messages.contains { $0.contains("every sound is lowered") }, "\(monitor.messages)")
    let key = try key()
    #expect(key.reductionDb > 3 && abs(key.loudnessLufs + key.reductionDb + 23) < 1e-9)
    let sounds = try sounds(of: plan)
    for sound in sounds { #expect(abs(try sound.integratedLoudness() - key.loudnessLufs) < 0.1) }
    let peak = try #require(sounds.map(\.peak).max())
    #expect(abs(20 * log10(Double(peak)) + 1) < 0.01)
  }

  @Test func nothingIsLeftOfATestThatFails() throws {
    let plan = try preparation().plan()
    let folder = try ListeningTestFolder(scratch.file("deep/test"), for: plan)
    #expect(throws: InterruptedError.self) {
      try folder.write(provenance: Provenance(arguments: ["test"]), monitor: RecordingMonitor(cancellingAfter: 4))
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.file("deep")))
    _ = try write(preparation(), RecordingMonitor())
    #expect(throws: (any Error).self) { try ListeningTestFolder(scratch.file("test"), for: plan) }
    _ = try ListeningTestFolder(scratch.file("test"), for: plan, overwrite: true)
  }
}

/// A folder for one test, removed with this object.
final class TestFolder: Sendable {
  private let path = NSTemporaryDirectory() + "priorkit-test-" + UUID().uuidString

  init() { try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false) }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
  func url(_ name: String) -> URL { URL(fileURLWithPath: file(name)) }
}
