import AudioFiles
import FXParams
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// A folder for one test, in which `priorkit` runs; removed with this object.
final class Workspace {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("priorkit-" + UUID().uuidString)

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: folder) }

  // MARK: - Running

  func run(_ arguments: [String]) throws -> ToolResult { try runTool(arguments, folder: folder) }

  /// Runs a command that must succeed. Draws of a posterior may miss their limits: they are there all the same.
  @discardableResult
  func succeed(_ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) throws -> ToolResult {
    let result = try run(arguments)
    let isDone = result.exitCode == 0 || (result.exitCode == 3 && arguments.first == "posterior")
    try #require(isDone, "\(result.standardError)", sourceLocation: sourceLocation)
    return result
  }

  /// Runs a command that must fail with one clear sentence holding each of `words`, and change nothing in the
  /// folder.
  func expectFailure(
    _ arguments: [String], _ words: String..., fileSizeLimit: Int? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try contents()
    let result = try RunningTool(arguments, folder: folder, fileSizeLimit: fileSizeLimit).result()
    let lines = result.standardError.split(separator: "\n")
    #expect(result.exitCode == 1, sourceLocation: sourceLocation)
    #expect(result.standardOutput.isEmpty, sourceLocation: sourceLocation)
    #expect(lines.count { $0.hasPrefix("priorkit: error: ") } == 1, sourceLocation: sourceLocation)
    let sentence = lines.last.map(String.init) ?? ""
    #expect(sentence.hasPrefix("priorkit: error: "), "\(sentence)", sourceLocation: sourceLocation)
    #expect(sentence.hasSuffix("."), "\(sentence)", sourceLocation: sourceLocation)
    #expect(!sentence.contains(".priorkit-"), "names a temporary file: \(sentence)", sourceLocation: sourceLocation)
    for word in words { #expect(sentence.contains(word), "\(sentence)", sourceLocation: sourceLocation) }
    #expect(try contents() == before, "files were changed or left behind", sourceLocation: sourceLocation)
  }

  // MARK: - Files

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

  func store(_ bytes: some Sequence<UInt8>, as name: String) throws {
    try Data(bytes).write(to: folder.appendingPathComponent(name))
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// Every file below the folder with its bytes; folders are empty data.
  func contents() throws -> [String: Data] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    return Dictionary(
      uniqueKeysWithValues: names.map { ($0, FileManager.default.contents(atPath: path($0)) ?? Data()) })
  }

  func open(_ name: String) throws -> HDF5Reader { try HDF5Reader(path: path(name)) }

  // MARK: - Audio

  func store(_ audio: AudioBuffer, as name: String) throws {
    try AudioWriter.write(audio, path: path(name), format: .waveFloat32)
  }

  func audio(_ name: String) throws -> AudioBuffer { try AudioReader.read(path: path(name)) }

  /// Stores a mono stretch of the dry vocal in `data/` as `dry.wav`, and the same voice left and, later, right as
  /// `reference.wav`.
  func storeVoice(seconds: Double = 1.5) throws {
    let voice = try Voice.excerpt(seconds: seconds)
    try store(AudioBuffer(channels: [voice], sampleRate: 44_100), as: "dry.wav")
    let later = [Float](repeating: 0, count: 700) + voice.dropLast(700).map { 0.6 * $0 }
    try store(AudioBuffer(channels: [voice, later], sampleRate: 44_100), as: "reference.wav")
  }

  // MARK: - Presets and priors

  /// Stores `presets.h5`, which is that of `data/`, and `prior.h5`, fitted to it.
  func storePrior() throws {
    try FileManager.default.copyItem(
      at: DefaultData.file("presets.h5"), to: folder.appendingPathComponent("presets.h5"))
    let prior = try GaussianEstimator.unbiased.fit(PresetFile.read(path("presets.h5")))
    try PriorFile.write(
      prior, to: path("prior.h5"), provenance: Provenance(arguments: ["test"]), overwrite: false)
  }

  /// Stores presets of a one-band equaliser: three parameters.
  func storeSmallPresets(_ count: Int = 40, as name: String = "small.h5", rank: Int = 3) throws {
    var source = RandomSource(seed: 3)
    let rows = (0..<count).map { _ -> [Double] in
      let draws = (0..<rank).map { _ in source.nextNormal() }
      return (0..<3).map { $0 < rank ? draws[$0] : draws[0] }
    }
    try PresetFile.write(
      PresetCollection(chain: .bell, theta: Matrix(rows: rows)), to: path(name),
      provenance: Provenance(arguments: ["test"]), overwrite: false)
  }
}

/// Reads the JSON of commands.
var snakeCaseDecoder: JSONDecoder {
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return decoder
}

extension ChainDescription {
  /// One peak filter.
  static let bell = ChainDescription(
    series: [.biquad(BiquadBand(name: "bell", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20)))],
    sends: [], hasCrossSends: false, hasDirectPan: false)
}

/// The dry vocal that comes with the package.
enum Voice {
  /// Samples from a place where the voice sings.
  static func excerpt(seconds: Double) throws -> [Float] {
    let samples = try AudioReader.read(path: DefaultData.file("dry-vocal.flac").path).channels[0]
    let start = 44_100
    return Array(samples[start..<start + Int(seconds * 44_100)])
  }
}
