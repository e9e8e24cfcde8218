import FXParams
import FileOutput
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import TestSupport
import Testing

@Suite struct DiffVoxNamesTests {
  @Test func repeatedLabelsAreNumberedAndUnique() {
    let labels = DiffVoxImport.uniqueLabels(["/a/x.wav", "/b/x.wav", "/b/y.wav", "/b/x-1.wav"])
    #expect(labels == ["x-2", "x-3", "y", "x-1"])
  }

  @Test func songIsTheFolderAboveRawTracks() {
    #expect(
      DiffVoxImport.songFolder("/data/v1/Artist_Song/Artist_Song_RAW/Artist_Song_RAW_08_01.wav") == "Artist_Song")
    #expect(DiffVoxImport.songFolder("/data/internal/anon/track.wav") == "anon")
  }
}

@Suite(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
struct DiffVoxImportTests {
  @Test func publishedCollectionsAreRead() throws {
    let all = try DiffVoxImport.read(folder: Reference.path("diffvox/internal"))
    let train = try DiffVoxImport.read(folder: Reference.path("diffvox/internal"), selection: .train)
    let heldOut = try DiffVoxImport.read(folder: Reference.path("diffvox/internal"), selection: .heldOut)
    #expect(all.count == 385 && train.count == 365 && heldOut.count == 20)
    #expect(all.dimension == 130 && all.chain == .diffVox)
    #expect(Set(all.labels ?? []).count == 385 && all.groups == nil)
    #expect(Set(train.labels ?? []).isDisjoint(with: heldOut.labels ?? []))
    // The published mean was taken over the training presets, in single precision.
    let mean = (0..<130).map { column in (0..<365).reduce(0) { $0 + train.theta[$1, column] } / 365 }
    let published = try Reference.open("prior").doubles("/mean").values
    #expect(zip(mean, published).allSatisfy { abs($0 - $1) < 1e-5 * (1 + abs($1)) })
  }

  @Test func medleyPresetsMatchTheReferenceRows() throws {
    let medley = try DiffVoxImport.read(folder: Reference.path("diffvox/medleydb"))
    #expect(medley.count == 70)
    #expect(Set(medley.groups ?? []).count == 52)
    #expect(medley.labels?.first == "AClassicEducation_NightOwl_RAW_08_01")
    #expect(medley.groups?.first == "AClassicEducation_NightOwl")
    let published = try Reference.open("prior").doubles("/theta").values
    #expect(medley.theta.values == published)
    expectDataError(.malformed, "train_index.npy", "no split") {
      _ = try DiffVoxImport.read(folder: Reference.path("diffvox/medleydb"), selection: .train)
    }
  }

  /// A copy of the smaller release with one file changed.
  private func changed(_ name: String, _ change: (inout Data) throws -> Void) throws -> Scratch {
    let scratch = try Scratch()
    for file in ["info.json", "feature_mask.npy", "raw_params.npy"] {
      var data = try Data(contentsOf: URL(fileURLWithPath: Reference.path("diffvox/medleydb/" + file)))
      if file == name { try change(&data) }
      try data.write(to: URL(fileURLWithPath: scratch.file(file)))
    }
    return scratch
  }

  private func replace(_ text: String, by other: String, in data: inout Data) {
    let content = String(decoding: data, as: UTF8.self)
    #expect(content.contains(text))
    data = Data(content.replacingOccurrences(of: text, with: other).utf8)
  }

  @Test func deviationsAreNamed() throws {
    let renamed = try changed("info.json") { replace("\"1.params.gain\"", by: "\"1.params.level\"", in: &$0) }
    expectDataError(.wrongChain, "Entry 3 ", "1.params.level", "1.params.gain") {
      _ = try DiffVoxImport.read(folder: renamed.path)
    }
    let unlisted = try changed("info.json") { replace("dry_files", by: "files", in: &$0) }
    expectDataError(.malformed, "info.json", "dry_files") { _ = try DiffVoxImport.read(folder: unlisted.path) }
    // The last value of the mask is that of the direct pan.
    let masked = try changed("feature_mask.npy") { $0[$0.count - 1] = 0 }
    expectDataError(.wrongChain, "drops raw number 150", "7.pan") {
      _ = try DiffVoxImport.read(folder: masked.path)
    }
    let cut = try changed("raw_params.npy") { $0.removeLast(1) }
    expectDataError(.malformed, "raw_params.npy", "cut off") { _ = try DiffVoxImport.read(folder: cut.path) }
    let notANumber = try changed("raw_params.npy") { $0.replaceSubrange(128..<132, with: [0, 0, 0xC0, 0x7F]) }
    expectDataError(.invalidValue, "Preset 0", "peak1.gain = nan") {
      _ = try DiffVoxImport.read(folder: notANumber.path)
    }
    expectDataError(.malformed, "info.json", "no file") { _ = try DiffVoxImport.read(folder: "/absent") }
  }
}
