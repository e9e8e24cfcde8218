public import Foundation
public import HDF5Store

/// Access to the arrays that the authors' code produced. They live beside the project and may be absent: tests that
/// need them carry `.enabled(if: Reference.isAvailable, Reference.absence)`.
public enum Reference {
  /// The folder of shared material, from PRIORKIT_SHARED or beside the package.
  public static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["PRIORKIT_SHARED"] { return URL(fileURLWithPath: path) }
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { url.deleteLastPathComponent() }
    return url.appendingPathComponent("shared")
  }()

  public static let isAvailable = FileManager.default.fileExists(
    atPath: folder.appendingPathComponent("reference/chain.h5").path)

  public static let absence = "reference arrays are absent: set PRIORKIT_SHARED to the folder that holds reference/"

  /// Opens `reference/NAME.h5`.
  public static func open(_ name: String) throws -> HDF5Reader {
    try HDF5Reader(path: folder.appendingPathComponent("reference/\(name).h5").path)
  }

  public static func path(_ relative: String) -> String { folder.appendingPathComponent(relative).path }
}
