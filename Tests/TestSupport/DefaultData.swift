public import Foundation

/// The files in `data/`, which come with the package.
public enum DefaultData {
  public static func file(_ name: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../data/\(name)")
      .standardizedFileURL
  }
}
