import AudioFiles
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing
import Workflows

@Suite("Where pairs get presets from, and how dry vocals are changed")
struct PairPresetsTests {
  private func collection(_ count: Int, groups: Bool = false) -> PresetCollection {
    let rows = (0..<count).map { row in (0..<4).map { Double(10 * row + $0) } }
    return PresetCollection(
      chain: Material.chain, theta: Matrix(rows: rows), labels: (0..<count).map { "p\($0)" },
      groups: groups ? (0..<count).map { "song \($0 / 2)" } : nil)
  }

  @Test func rowsAreTakenInTurnAndFromTheFirstAgain() throws {
    let presets = try PairPresets([.presets(collection(3, groups: true))], paths: ["a.h5"])
    #expect(presets.rowCount == 3)
    let logits = presets.logits(rows: Array(0..<5), seed: 1, threads: 1)
    #expect(logits == collection(3).theta.selecting(rows: [0, 1, 2, 0, 1]))
    #expect((0..<5).map(presets.label) == ["p0", "p1", "p2", "p0/2", "p1/2"])
    #expect((0..<5).map { presets.group(of: $0) } == ["song 0", "song 0", "song 1", "song 0", "song 0"])
  }

  @Test func sourcesAlternateAndAreThoseOfEachAlone() throws {
    let prior = try Material.prior()
    let mixture = try PairPresets([.prior(prior), .presets(collection(2))], paths: ["a.h5", "b.h5"])
    #expect(mixture.rowCount == nil)
    let logits = mixture.logits(rows: Array(0..<6), seed: 7, threads: 2)
    #expect(logits.selecting(rows: [0, 2, 4]) == prior.samples(6, seed: 7, threads: 1).selecting(rows: [0, 2, 4]))
    #expect(logits.selecting(rows: [1, 3, 5]) == collection(2).theta.selecting(rows: [0, 1, 0]))
    // A share of the rows has the rows of the whole.
    #expect(mixture.logits(rows: [1, 4, 5], seed: 7, threads: 1) == logits.selecting(rows: [1, 4, 5]))
    #expect(mixture.label(of: 0) == "pair-1" && mixture.label(of: 3) == "p1" && mixture.group(of: 0) == nil)
    // A prior beside itself gives other presets each time.
    let twice = try PairPresets([.prior(prior), .prior(prior)], paths: ["a.h5", "a.h5"])
    #expect(twice.logits(rows: Array(0..<6), seed: 7, threads: 1) == prior.samples(6, seed: 7, threads: 1))
    #expect(throws: (any Error).self) {
      try PairPresets([.prior(prior), .prior(try Material.prior(Material.crushed))], paths: ["a.h5", "c.h5"])
    }
  }

  @Test func temperatureSpreadsDrawsAndJitterMovesRows() throws {
    var presets = PairPresets(try Material.prior())
    let plain = presets.logits(rows: Array(0..<4), seed: 3, threads: 1)
    presets.temperature = 4
    let spread = presets.logits(rows: Array(0..<4), seed: 3, threads: 1)
    #expect(zip(spread.values, plain.values).allSatisfy { abs($0 - 2 * $1) < 1e-12 })

    var rows = try PairPresets([.presets(collection(2))], paths: ["a.h5"])
    rows.jitter = 0.1
    let count = 4000
    let moved = rows.logits(rows: Array(0..<count), seed: 3, threads: 1)
    // Rows 0 and 10 in every column: a deviation of 5.
    let moves = (0..<count).map { moved[$0, 2] - collection(2).theta[$0 % 2, 2] }
    let mean = moves.reduce(0, +) / Double(count)
    let deviation = (moves.reduce(0) { $0 + $1 * $1 } / Double(count)).squareRoot()
    #expect(abs(mean) < 5 * 0.5 / Double(count).squareRoot() && abs(deviation / 0.5 - 1) < 0.06)
    #expect(rows.logits(rows: [3, 9], seed: 3, threads: 1) == moved.selecting(rows: [3, 9]))
  }

  @Test func groupsAndWeightsAreThoseOfAllOrNone() throws {
    var weighted = collection(3, groups: true)
    weighted.weights = [1, 0, 2]
    let alone = try PairPresets([.presets(weighted)], paths: ["a.h5"])
    #expect(alone.hasGroups && alone.hasWeights && (0..<4).map { alone.weight(of: $0) } == [1, 0, 2, 1])
    let beside = try PairPresets([.presets(weighted), .presets(collection(2))], paths: ["a.h5", "b.h5"])
    #expect(!beside.hasGroups && !beside.hasWeights && beside.rowCount == 6)
    let mixed = try PairPresets([.prior(try Material.prior()), .presets(weighted)], paths: ["a.h5", "b.h5"])
    #expect(!mixed.hasGroups && !mixed.hasWeights)
    var unlabelled = collection(2)
    unlabelled.labels = nil
    let files = try PairPresets([.presets(unlabelled), .presets(unlabelled)], paths: ["a.h5", "b.h5"])
    #expect(
      (0..<5).map(files.label) == [
        "file-1-row-0", "file-2-row-0", "file-1-row-1", "file-2-row-1", "file-1-row-0/2",
      ])
  }

  @Test func sharesAgreeOnGroupsWhateverTheirRows() throws {
    let folder = try Scratch()
    let paths = try Material.store(in: folder, seconds: 3)
    let dry = try DrySegments([paths.dry], sampleRate: Material.sampleRate, segmentSeconds: 0.5)
    let sources = try PairPresets(
      [.prior(try Material.prior()), .presets(collection(2, groups: true))], paths: ["a.h5", "b.h5"])
    var simulation = PairSimulation(presets: sources, dry: dry)
    (simulation.count, simulation.segmentCount) = (3, 1)
    for text in ["1/2", "2/2", "5/5"] {
      let part = try simulation.part(try #require(Shard(text)))
      #expect(part.presets.groups == nil, "shard \(text)")
    }
    var grouped = PairSimulation(
      presets: try PairPresets([.presets(collection(2, groups: true))], paths: ["b.h5"]), dry: dry)
    grouped.segmentCount = 1
    #expect(grouped.count == 2)
    #expect(try grouped.part(try #require(Shard("5/5"))).presets.groups == [])
  }

  // MARK: - Augmentation

  private let sampleRate = 44100.0

  private func tone(_ frequencyHz: Double, count: Int = 44100) -> [Float] {
    (0..<count).map { Float(0.3 * sin(2 * Double.pi * frequencyHz * Double($0) / sampleRate)) }
  }

  private func level(_ samples: some Sequence<Float>) -> Double {
    let values = samples.map { Double($0) }
    return 10 * log10(values.reduce(0) { $0 + $1 * $1 } / Double(values.count))
  }

  @Test func aFasterTapeIsHigher() throws {
    let augmentation = DryAugmentation(pitchDeviationSemitones: 2)
    let audio = AudioBuffer(channels: [tone(440, count: 55_566)], sampleRate: sampleRate)
    let faster = try augmentation.resampled(audio, speed: 1.26, frameCount: 44_100)
    #expect(faster.frameCount == 44_100 && faster.sampleRate == sampleRate)
    let samples = faster.channels[0]
    let crossings = zip(samples, samples.dropFirst()).filter { $0 < 0 && $1 >= 0 }.count
    #expect(abs(Double(crossings) - 440 * 1.26) < 3)
    var source = RandomSource(seed: 1)
    let speeds = (0..<2000).map { _ in 12 * log2(augmentation.speed(using: &source)) }
    let deviation = (speeds.reduce(0) { $0 + $1 * $1 } / 2000).squareRoot()
    #expect(abs(deviation - 2) < 0.15 && speeds.allSatisfy { abs($0) <= 6.01 })
  }

  @Test func aTiltChangesTheSpectrumAndNotTheLevel() throws {
    let augmentation = DryAugmentation(tiltDeviationDB: 12)
    let both = zip(tone(80), tone(12_000)).map { $0 + $1 }
    var source = RandomSource(seed: 4)
    var seen: [Double] = []
    for _ in 0..<20 {
      let changed = augmentation.changed(both, sampleRate: sampleRate, using: &source)
      #expect(abs(level(changed) - level(both)) < 1e-3)
      func part(_ frequencyHz: Double) -> Double {
        let probe = tone(frequencyHz)
        return abs(zip(changed, probe).reduce(0) { $0 + Double($1.0) * Double($1.1) })
      }
      seen.append(20 * log10(part(12_000) / part(80)))
    }
    #expect((seen.max() ?? 0) > 5 && (seen.min() ?? 0) < -5)
  }

  @Test func noiseIsBelowTheSegment() throws {
    let augmentation = DryAugmentation(noiseDB: 20)
    var source = RandomSource(seed: 5)
    let clean = tone(500)
    for _ in 0..<10 {
      let noisy = augmentation.changed(clean, sampleRate: sampleRate, using: &source)
      let noise = level(zip(noisy, clean).map { $0 - $1 }) - level(clean)
      #expect((-51 ... -19).contains(noise), "\(noise) dB")
    }
    #expect(DryAugmentation.none.changed(clean, sampleRate: sampleRate, using: &source) == clean)
    #expect(DryAugmentation.none.speed(using: &source) == 1)
  }

  @Test func changedSegmentsAreReproducibleAndOthersThanThePlain() throws {
    let folder = try Scratch()
    let paths = try Material.store(in: folder, seconds: 3)
    var dry = try DrySegments([paths.dry], sampleRate: Material.sampleRate, segmentSeconds: 0.5)
    func draw() throws -> [[Float]] {
      var source = RandomSource(seed: 6)
      return try dry.draw(3, using: &source).samples
    }
    let plain = try draw()
    dry.augmentation = DryAugmentation(pitchDeviationSemitones: 2, tiltDeviationDB: 3, noiseDB: 40)
    let changed = try draw()
    #expect(try draw() == changed && changed != plain)
    #expect(changed.allSatisfy { $0.count == dry.frameCount && $0.allSatisfy(\.isFinite) })
  }
}
