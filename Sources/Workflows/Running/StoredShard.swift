import FileOutput
import Foundation
import HDF5Store
package import PresetStore

/// What a run folder, or a file of JSON, says of the run that filled it.
package enum RunDescription {
  /// The file of a run folder.
  package static let fileName = "run.json"

  /// Whether this is the folder of a run.
  package static func isFolder(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + fileName)
  }

  private struct Shards: Decodable { let shard: ShardRecord? }

  /// Which shard a folder, or a file of JSON, holds; nil where it says of none or is neither.
  ///
  /// - Throws: ``WorkflowError`` for a record that contradicts itself.
  static func shard(in path: String) throws -> ShardRecord? {
    var isFolder: ObjCBool = false
    guard !FileContents.isPipe(path), FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return nil
    }
    let file = isFolder.boolValue ? path + "/" + fileName : path
    guard let data = FileManager.default.contents(atPath: file) else { return nil }
    do { return try JSONDecoder().decode(Shards.self, from: data).shard } catch {
      guard (try? JSONSerialization.jsonObject(with: data)) is [String: Any] else { return nil }
      throw WorkflowError(
        .wrongContents, "\(file) contradicts itself about the shard that it is of: run that shard again.")
    }
  }
}

/// What shards there are in files and folders, whatever their rows are.
package enum StoredShard {
  /// The record of a file or a run folder; nil where it is no shard.
  ///
  /// - Throws: `HDF5Error`, `DataError` or ``WorkflowError`` for one that contradicts itself.
  package static func record(of path: String) throws -> ShardRecord? {
    StoredKind.isHDF5(path) ? try HDF5Reader(path: path).shardRecord() : try RunDescription.shard(in: path)
  }
}
