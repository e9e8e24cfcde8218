import FXParams
import NumericCore
import PresetStore

/// The recordings of presets: those that are there, and those that are not.
struct PresetRecordings {
  struct Recording: Sendable {
    let row: Int
    let label: String
    let path: String
    let shiftFrames: Int
  }

  let found: [Recording]
  /// What is missing, in words: a preset that the list leaves out, or a file that does not exist.
  private let missing: [String]

  init(_ list: AudioList, of presets: PresetCollection, root: String?) throws {
    var found: [Recording] = []
    var missing: [String] = []
    let listed = Set(list.entries.map(\.row))
    missing += (0..<presets.count).filter { !listed.contains($0) }.map { "\(presets.label(of: $0)) (not listed)" }
    for entry in list.entries {
      let label = presets.label(of: entry.row)
      guard let path = AudioList.resolve(entry.file, root: root) else {
        missing.append("\(label) (\(entry.file))")
        continue
      }
      found.append(Recording(row: entry.row, label: label, path: path, shiftFrames: entry.shiftFrames))
    }
    self.found = found
    self.missing = missing
  }

  /// Every file once.
  var paths: [String] {
    var seen = Set<String>()
    return found.map(\.path).filter { seen.insert($0).inserted }
  }

  /// Half a sentence that names the first few; nil if all are there.
  var missingSentence: String? {
    guard !missing.isEmpty else { return nil }
    let names = missing.prefix(5).joined(separator: ", ") + (missing.count > 5 ? ", ..." : "")
    return "The recordings of \(missing.count) presets are missing: \(names)"
  }
}

extension PresetCollection {
  /// The rows named, with all that is known of them but features.
  func selecting(rows: [Int]) -> PresetCollection {
    PresetCollection(
      chain: chain, theta: theta.selecting(rows: rows), labels: labels.map { labels in rows.map { labels[$0] } },
      groups: groups.map { groups in rows.map { groups[$0] } },
      weights: weights.map { weights in rows.map { weights[$0] } })
  }
}
