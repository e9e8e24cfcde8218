import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore
import TestSupport
import Testing

@Suite struct DiffVoxExportTests {
  /// Presets of the DiffVox chain whose logits need every bit of a double, or just those of a float.
  private func presets(count: Int = 3, isSingle: Bool) -> PresetCollection {
    let space = ChainDescription.diffVox.parameterSpace
    let values = (0..<count * space.count).map { index -> Double in
      let value = 3 * sin(Double(index) * 1.7 + 0.3)
      return isSingle ? Double(Float(value)) : value
    }
    return PresetCollection(
      chain: .diffVox, theta: Matrix(rows: count, columns: space.count, values: values),
      labels: (0..<count).map { "take.\($0) \"é\"" }, groups: (0..<count).map { "song \($0 / 2)" })
  }

  private func array(_ name: String, of folder: String) throws -> NPYArray {
    try NPYArray(path: "\(folder)/\(name)")
  }

  @Test(arguments: [true, false]) func importGivesTheSameBits(isSingle: Bool) throws {
    let scratch = try Scratch()
    let folder = scratch.file("release")
    let presets = presets(isSingle: isSingle)
    try DiffVoxExport.write(DiffVoxExport.files(of: presets, path: "p.h5"), to: folder, overwrite: false)
    let found = try DiffVoxImport.read(folder: folder)
    #expect(found.isEqual(to: presets))
    #expect(try DiffVoxImport.read(folder: folder, selection: .train).theta == presets.theta)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/raw_params.npy"))
    #expect(String(decoding: bytes.prefix(40), as: UTF8.self).contains(isSingle ? "'<f4'" : "'<f8'"))
    #expect(DiffVoxExport.isSinglePrecision(presets) == isSingle)
  }

  @Test func numbersWithoutEffectAreZeros() throws {
    let scratch = try Scratch()
    let folder = scratch.file("release")
    let files = try DiffVoxExport.files(of: presets(isSingle: true), path: "p.h5")
    try DiffVoxExport.write(files, to: folder, overwrite: false)
    let raw = try array("raw_params.npy", of: folder)
    let mask = try array("feature_mask.npy", of: folder).booleans()
    #expect(raw.shape == [3, 151] && mask.count { $0 } == 130)
    let numbers = try raw.numbers()
    #expect((0..<3 * 151).allSatisfy { mask[$0 % 151] || numbers[$0] == 0 })
    #expect(try array("train_index.npy", of: folder).integers() == [0, 1, 2])
  }

  @Test func aGaussianHasTheAuthorsKeys() throws {
    let count = 130
    let mean = (0..<count).map { Double($0) / 3 }
    let covariance = Matrix.diagonal((0..<count).map { 1 + Double($0) / 7 })
    let files = try DiffVoxExport.files(ofMean: mean, covariance: covariance, chain: .diffVox, path: "prior.h5")
    let archive = try #require(files.first { $0.name == "gaussian.npz" }?.content)
    // Entries without compression begin after 30 bytes and the name.
    let start = 30 + "mean.npy".utf8.count
    let size = (18..<22).reversed().reduce(0) { $0 << 8 | Int(archive[$1]) }
    let stored = try NPYArray(archive.subdata(in: start..<start + size), path: "mean.npy")
    #expect(stored.shape == [130])
    #expect(try stored.numbers() == mean.map { Double(Float($0)) })
    #expect(archive.range(of: Data("cov.npy".utf8)) != nil && archive.range(of: Data("'<f4'".utf8)) != nil)
  }

  @Test func otherChainsAreRefused() {
    expectDataError(.wrongChain, "p.h5", "another chain than DiffVox's") {
      _ = try DiffVoxExport.files(of: .sample(), path: "p.h5")
    }
    let chain = PresetCollection.sample().chain
    let count = chain.parameterSpace.count
    expectDataError(.wrongChain, "prior.h5") {
      _ = try DiffVoxExport.files(
        ofMean: [Double](repeating: 0, count: count), covariance: .identity(count), chain: chain, path: "prior.h5")
    }
  }

  @Test func aFolderIsReplacedAsAWhole() throws {
    let scratch = try Scratch()
    let folder = scratch.file("release")
    let files = try DiffVoxExport.files(of: presets(isSingle: true), path: "p.h5")
    try DiffVoxExport.write(files, to: folder, overwrite: false)
    #expect(throws: OutputError.exists(path: folder)) {
      try DiffVoxExport.write(files, to: folder, overwrite: false)
    }
    try DiffVoxExport.write(Array(files.prefix(1)), to: folder + "/", overwrite: true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["raw_params.npy"])
    try Data().write(to: URL(fileURLWithPath: folder + "/notes.txt"))
    #expect(throws: OutputError.foreignContent(path: folder, name: "notes.txt")) {
      try DiffVoxExport.write(files, to: folder, overwrite: true)
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names == ["notes.txt", "raw_params.npy"])
    #expect(try scratch.names() == ["release"])
  }
}

@Suite(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
struct PublishedDiffVoxExportTests {
  @Test(arguments: ["internal", "medleydb"]) func rawNumbersAreReproduced(name: String) throws {
    let scratch = try Scratch()
    let source = Reference.path("diffvox/" + name)
    let presets = try DiffVoxImport.read(folder: source)
    let folder = scratch.file("release")
    try DiffVoxExport.write(DiffVoxExport.files(of: presets, path: source), to: folder, overwrite: false)

    let mask = try NPYArray(path: source + "/feature_mask.npy").booleans()
    #expect(try NPYArray(path: folder + "/feature_mask.npy").booleans() == mask)
    let published = try NPYArray(path: source + "/raw_params.npy")
    let written = try NPYArray(path: folder + "/raw_params.npy")
    #expect(written.shape == published.shape)
    let (old, new) = (try published.numbers(), try written.numbers())
    #expect(old.indices.allSatisfy { mask[$0 % mask.count] ? new[$0] == old[$0] : new[$0] == 0 })
    // Both are f4, whose headers are of one length.
    func size(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    }
    #expect(try size(folder + "/raw_params.npy") == size(source + "/raw_params.npy"))
    #expect(try size(folder + "/feature_mask.npy") == size(source + "/feature_mask.npy"))

    let back = try DiffVoxImport.read(folder: folder)
    #expect(back.theta == presets.theta && back.labels == presets.labels && back.groups == presets.groups)
  }

  @Test func theDescriptionHasTheAuthorsKeys() throws {
    let scratch = try Scratch()
    let source = Reference.path("diffvox/medleydb")
    let folder = scratch.file("release")
    let presets = try DiffVoxImport.read(folder: source)
    try DiffVoxExport.write(DiffVoxExport.files(of: presets, path: source), to: folder, overwrite: false)
    func description(_ folder: String) throws -> [String: Any] {
      let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/info.json"))
      return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
    let (old, new) = (try description(source), try description(folder))
    #expect(Set(old.keys) == Set(new.keys))
    #expect(old["params_keys"] as? [String] == new["params_keys"] as? [String])
    #expect(old["params_original_shapes"] as? [[Int]] == new["params_original_shapes"] as? [[Int]])
    func problems(_ description: [String: Any]) -> [String]? {
      (description["problematic_runs"] as? [String: Any])?.keys.sorted()
    }
    #expect(problems(old) == problems(new))
    #expect((new["dry_files"] as? [String])?.count == 70 && (new["alignment_shifts"] as? [Int])?.count == 70)
  }
}
