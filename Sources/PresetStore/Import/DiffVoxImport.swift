import FXParams
import Foundation
import NumericCore

/// Import of the preset collections of the DiffVox release (github.com/SonyResearch/diffvox, arXiv 2504.14735).
///
/// A folder holds `raw_params.npy` [N, 151] f4 or f8, `feature_mask.npy` [151] bool, `info.json` and, where the
/// presets were split, `train_index.npy` i8. Labels and groups come from `dry_files`, which has one entry per row;
/// `runs` has more entries than there are rows and is not used.
public enum DiffVoxImport {
  /// Which rows to take.
  public enum Selection: String, Sendable, CaseIterable {
    case all
    /// Those of `train_index.npy`, in its order.
    case train
    /// The others.
    case heldOut = "held-out"
  }

  /// Reads a folder.
  ///
  /// - Throws: ``DataError`` naming the first deviation from the chain's expected keys, shapes or mask.
  public static func read(folder: String, selection: Selection = .all) throws -> PresetCollection {
    func file(_ name: String) -> String { folder.hasSuffix("/") ? folder + name : folder + "/" + name }
    let information = try DiffVoxInformation(path: file("info.json"))
    try checkMask(NPYArray(path: file("feature_mask.npy")))
    let raw = try NPYArray(path: file("raw_params.npy"))
    guard raw.shape.count == 2, raw.shape[1] == DiffVoxLayout.count else {
      throw DataError(
        .wrongShape, raw.path,
        "\(raw.path) has shape \(raw.shape) but the DiffVox chain needs [presets, \(DiffVoxLayout.count)]: "
          + "give presets of that chain.")
    }
    let count = raw.shape[0]
    guard information.dryFiles.count == count else {
      throw DataError(
        .wrongShape, information.path,
        "dry_files in \(information.path) has \(information.dryFiles.count) entries for \(count) presets: "
          + "give the info.json of the same release.")
    }
    let rows = try rows(selection, of: count, indexPath: file("train_index.npy"))
    guard !rows.isEmpty else {
      throw DataError(
        .empty, raw.path, "No presets of \(raw.path) are \(selection.rawValue): choose another selection.")
    }
    let columns = DiffVoxLayout.mask.indices.filter { DiffVoxLayout.mask[$0] }
    let numbers = try raw.numbers()
    let theta = rows.flatMap { row in columns.map { numbers[row * DiffVoxLayout.count + $0] } }
    let labels = uniqueLabels(information.dryFiles)
    let groups = information.dryFiles.map(songFolder)
    let collection = PresetCollection(
      chain: .diffVox, theta: Matrix(rows: rows.count, columns: columns.count, values: theta),
      labels: rows.map { labels[$0] },
      // A single folder says nothing about which rows belong together, as in the anonymised collection.
      groups: Set(groups).count > 1 ? rows.map { groups[$0] } : nil)
    try collection.check(path: raw.path)
    return collection
  }

  // MARK: - Rows

  private static func rows(_ selection: Selection, of count: Int, indexPath: String) throws -> [Int] {
    if selection == .all { return Array(0..<count) }
    guard FileManager.default.fileExists(atPath: indexPath) else {
      throw DataError(
        .malformed, indexPath, "There is no \(indexPath), so these presets have no split: import all of them.")
    }
    let index = try NPYArray(path: indexPath).integers()
    if let wrong = index.first(where: { !(0..<count).contains($0) }) {
      throw DataError(
        .invalidValue, indexPath,
        "\(indexPath) names row \(wrong) of \(count) presets: give the index of the same release.")
    }
    let train = Set(index)
    guard train.count == index.count else {
      throw DataError(.invalidValue, indexPath, "\(indexPath) names a row twice: give the index of the release.")
    }
    return selection == .train ? index : (0..<count).filter { !train.contains($0) }
  }

  private static func checkMask(_ mask: NPYArray) throws {
    let found = try mask.booleans()
    guard found.count == DiffVoxLayout.count else {
      throw DataError(
        .wrongShape, mask.path,
        "\(mask.path) has \(found.count) entries instead of \(DiffVoxLayout.count): give the mask of the "
          + "DiffVox chain."
      )
    }
    if let index = found.indices.first(where: { found[$0] != DiffVoxLayout.mask[$0] }) {
      throw DataError(
        .wrongChain, mask.path,
        "\(mask.path) \(found[index] ? "keeps" : "drops") raw number \(index), of "
          + "\(DiffVoxLayout.key(ofRawIndex: index)), but of these numbers exactly the strictly upper triangle "
          + "of U and all outside U are parameters: give the mask of the DiffVox chain.")
    }
  }

  // MARK: - Names

  /// Base names without extension; where a name repeats, each has a running number: `vocal-1`, `vocal-2`.
  package static func uniqueLabels(_ files: [String]) -> [String] {
    let names = files.map { (($0 as NSString).lastPathComponent as NSString).deletingPathExtension }
    let total = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    var taken = Set(total.filter { $0.value == 1 }.keys)
    var next: [String: Int] = [:]
    return names.map { name in
      guard total[name] != 1 else { return name }
      while true {
        next[name, default: 0] += 1
        let label = "\(name)-\(next[name, default: 0])"
        if taken.insert(label).inserted { return label }
      }
    }
  }

  /// The folder of the song: that of the file, or the one above where it only separates raw tracks
  /// (`SONG/SONG_RAW`).
  package static func songFolder(_ file: String) -> String {
    let folders = file.split(separator: "/").dropLast()
    guard let last = folders.last else { return "" }
    return String(last.hasSuffix("_RAW") ? folders.dropLast().last ?? last : last)
  }
}

/// The parts of `info.json` that describe presets.
private struct DiffVoxInformation {
  private struct Content: Decodable {
    let dryFiles: [String]
    let parameterKeys: [String]
    let parameterShapes: [[Int]]

    enum CodingKeys: String, CodingKey {
      case dryFiles = "dry_files"
      case parameterKeys = "params_keys"
      case parameterShapes = "params_original_shapes"
    }
  }

  let path: String
  let dryFiles: [String]

  init(path: String) throws {
    let content: Content
    let data = try contents(ofFile: path)
    do { content = try JSONDecoder().decode(Content.self, from: data) } catch {
      throw DataError(
        .malformed, path,
        "\(path) is not the description of a DiffVox collection (JSON with dry_files, params_keys and "
          + "params_original_shapes): give a folder of the release.")
    }
    self.path = path
    dryFiles = content.dryFiles
    let entries = DiffVoxLayout.entries
    for (index, entry) in entries.enumerated() {
      let key = index < content.parameterKeys.count ? content.parameterKeys[index] : "missing"
      let shape = index < content.parameterShapes.count ? content.parameterShapes[index] : []
      guard key == entry.key, shape == entry.shape else {
        throw DataError(
          .wrongChain, path,
          "Entry \(index) of params_keys in \(path) is \(key) of shape \(shape) where the DiffVox chain has "
            + "\(entry.key) of shape \(entry.shape): give presets of that chain.")
      }
    }
    guard content.parameterKeys.count == entries.count, content.parameterShapes.count == entries.count else {
      throw DataError(
        .wrongChain, path,
        "params_keys in \(path) has \(content.parameterKeys.count) entries where the DiffVox chain has "
          + "\(entries.count): give presets of that chain.")
    }
  }
}
