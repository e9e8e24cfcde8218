public import Foundation

/// A file that is read in parts. It stays what it was when it was opened, even if its name is given to another.
public final class OpenFile: Sendable {
  /// Its name.
  public let path: String
  /// Its bytes.
  public let size: Int
  private let descriptor: Int32
  /// All of a pipe, which gives its bytes once.
  private let contents: Data?

  /// - Throws: ``FileReadError``.
  public init(path: String) throws(FileReadError) {
    self.path = path
    guard !FileContents.isPipe(path) else {
      let data = try FileContents.data(ofFile: path)
      (contents, size, descriptor) = (data, data.count, -1)
      return
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(errno, path: path) }
    var status = stat()
    let code = fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT == S_IFDIR ? EISDIR : 0 : errno
    guard code == 0 else {
      _ = close(descriptor)
      throw .system(code, path: path)
    }
    (contents, size, self.descriptor) = (nil, status.st_size, descriptor)
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// Some bytes; those beyond the end are left out.
  ///
  /// - Throws: ``FileReadError``.
  public func bytes(_ range: Range<Int>) throws(FileReadError) -> Data {
    if let contents { return Data(contents[range.clamped(to: 0..<contents.count)]) }
    var bytes = Data(count: range.count)
    var found = 0
    while found < range.count {
      let count = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress?.advanced(by: found), range.count - found, range.lowerBound + found)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .system(errno, path: path) }
      if count == 0 { break }
      found += count
    }
    return bytes.prefix(found)
  }
}
