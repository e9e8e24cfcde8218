import Foundation

/// Memory that another process can map, by a name under /dev/shm that goes when both have it or the process ends.
///
/// Unchecked sendable: who writes and who reads is agreed by messages.
final class SharedMemory: @unchecked Sendable {
  let start: UnsafeMutableRawPointer
  private let byteCount: Int
  /// What the other process opens.
  let path: String
  private let name: String

  init(byteCount: Int) throws {
    name = "/priorkit-\(UUID().uuidString)"
    path = "/dev/shm" + name
    let descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else { throw ProcessEncoderError.noMemory(bytes: byteCount) }
    defer { close(descriptor) }
    // Room is taken now: a page that is missing later would be a trap.
    guard posix_fallocate(descriptor, 0, byteCount) == 0,
      let start = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), start != MAP_FAILED
    else {
      shm_unlink(name)
      throw ProcessEncoderError.noMemory(bytes: byteCount)
    }
    (self.start, self.byteCount) = (start, byteCount)
  }

  /// Takes the name away; the memory stays with those who have it.
  func forgetName() { shm_unlink(name) }

  deinit {
    forgetName()
    munmap(start, byteCount)
  }
}
