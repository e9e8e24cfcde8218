import CSndfile
import Foundation

/// The file under a writer: libsndfile encodes into it by callbacks.
///
/// libsndfile does not report a write that fails while it closes a file (the last FLAC frame, the lengths in the
/// header), so this object remembers the first failure and throws it at the end.
final class EncoderOutput {
  private let name: String
  private let descriptor: Int32
  private var failure: Int32?
  private var isOpen = true

  /// - Parameter name: what errors call the file.
  init(path: String, name: String) throws {
    self.name = name
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw AudioError.unwritable(path: name, reason: systemMessage(errno)) }
  }

  deinit { if isOpen { close(descriptor) } }

  /// Throws the first write that failed, if any.
  func check() throws {
    if let failure { throw AudioError.writeFailed(path: name, reason: systemMessage(failure)) }
  }

  /// Flushes to the medium and closes; throws what failed at any time.
  func finish() throws {
    // Devices and pipes cannot be synchronised: that is no failure.
    if fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP { fail() }
    if close(descriptor) != 0 { fail() }
    isOpen = false
    try check()
  }

  private func fail() { failure = failure ?? errno }

  private func write(_ bytes: UnsafeRawPointer, count: Int) -> Int {
    var done = 0
    while done < count {
      let written = Foundation.write(descriptor, bytes + done, count - done)
      if written > 0 {
        done += written
      } else if written < 0, errno != EINTR {
        fail()
        return done
      }
    }
    return done
  }

  private var length: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  // MARK: - Callbacks

  /// The table that libsndfile calls with this object, unretained, as its user data.
  static var callbacks: SF_VIRTUAL_IO {
    SF_VIRTUAL_IO(
      get_filelen: { sf_count_t(EncoderOutput.from($0).length) },
      seek: { sf_count_t(lseek(EncoderOutput.from($2).descriptor, off_t($0), $1)) },
      read: { sf_count_t(read(EncoderOutput.from($2).descriptor, $0, Int($1))) },
      write: { bytes, count, user in
        guard let bytes else { return 0 }
        return sf_count_t(EncoderOutput.from(user).write(bytes, count: Int(count)))
      },
      tell: { sf_count_t(lseek(EncoderOutput.from($0).descriptor, 0, SEEK_CUR)) })
  }

  private static func from(_ user: UnsafeMutableRawPointer?) -> EncoderOutput {
    guard let user else { preconditionFailure("libsndfile called back without its user data") }
    return Unmanaged<EncoderOutput>.fromOpaque(user).takeUnretainedValue()
  }
}
