import Foundation

/// A file system in memory of limited size, for tests of a full disk.
enum SmallDisk {
  static let isAvailable = (try? with(kilobytes: 64) { _ in true }) ?? false

  static func with<Result>(kilobytes: Int, _ body: (String) throws -> Result) throws -> Result {
    let folder = NSTemporaryDirectory() + "priorkit-disk-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    guard mount("none", folder, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EPERM)
    }
    defer { umount2(folder, 2) }
    return try body(folder)
  }
}
