import FXParams
import NumericCore
public import PresetStore

/// The recordings of presets: those that are there, and those that are not.
public struct PresetRecordings: Sendable {
  /// The recording of one preset.
  public struct Recording: Sendable {
    /// The row of the preset, from 0.
    public let row: Int
    /// The name of the preset.
    public let label: String
    /// The file.
    public let path: String
    /// Frames of silence before it.
    public let shiftFrames: Int
  }

  /// The recordings that are there, in the order of the list.
  public let found: [Recording]
  /// Which presets were looked at.
  public let shard: Shard
  /// What is missing, in words: a preset that the list leaves out, or a file that does not exist.
  private let missing: [String]

  /// Looks for the recordings of a list.
  ///
  /// - Parameters:
  ///   - list: which recording belongs to which preset.
  ///   - presets: the presets.
  ///   - root: where the files are: the longest end of each name that exists there; nil for names as they are.
  ///   - shard: of the presets, those whose recordings are looked for: a machine needs no others.
  public init(_ list: AudioList, of presets: PresetCollection, root: String? = nil, shard: Shard = .whole) {
    var found: [Recording] = []
    var missing: [String] = []
    let listed = Set(list.entries.map(\.row))
    missing += shard.rows(of: presets.count).filter { !listed.contains($0) }.map {
      "\(presets.label(of: $0)) (not listed)"
    }
    for entry in list.entries where shard.contains(entry.row) {
      let label = presets.label(of: entry.row)
      guard let path = AudioList.resolve(entry.file, root: root) else {
        missing.append("\(label) (\(entry.file))")
        continue
      }
      found.append(Recording(row: entry.row, label: label, path: path, shiftFrames: entry.shiftFrames))
    }
    self.shard = shard
    self.found = found
    self.missing = missing
  }

  /// Every file once.
  public var paths: [String] {
    var seen = Set<String>()
    return found.map(\.path).filter { seen.insert($0).inserted }
  }

  /// Half a sentence that names the first few; nil if all are there.
  public var missingSentence: String? {
    guard !missing.isEmpty else { return nil }
    let names = missing.prefix(5).joined(separator: ", ") + (missing.count > 5 ? ", ..." : "")
    return "The recordings of \(missing.count) presets are missing: \(names)"
  }
}
