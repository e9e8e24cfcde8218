import Foundation
import Synchronization

/// The temporary files that exist at this moment, so that an interrupted process can remove them.
///
/// A fixed table of owned C strings. Whoever takes a string out of its slot by an atomic exchange owns it, so a
/// signal handler and the thread that finishes its file never touch the same string.
enum LiveTemporaries {
  typealias Slot = Atomic<UnsafeMutablePointer<CChar>?>

  private static let capacity = 64
  nonisolated(unsafe) private static let slots: UnsafeMutablePointer<Slot> = {
    let slots = UnsafeMutablePointer<Slot>.allocate(capacity: capacity)
    for index in 0..<capacity { (slots + index).initialize(to: Slot(nil)) }
    return slots
  }()

  /// Makes the table, which must not happen for the first time in a signal handler.
  static func prepare() { _ = slots }

  /// Registers a path; nil when the table is full, in which case the file is merely not removed on interruption.
  static func insert(_ path: String) -> (slot: Int, name: UnsafeMutablePointer<CChar>)? {
    guard let name = strdup(path) else { return nil }
    for slot in 0..<capacity
    where slots[slot].compareExchange(expected: nil, desired: name, ordering: .acquiringAndReleasing).exchanged {
      return (slot, name)
    }
    free(name)
    return nil
  }

  static func remove(_ entry: (slot: Int, name: UnsafeMutablePointer<CChar>)?) {
    guard let (slot, name) = entry else { return }
    if slots[slot].compareExchange(expected: name, desired: nil, ordering: .acquiringAndReleasing).exchanged {
      free(name)
    }
  }

  /// Deletes every registered file. Only atomic exchanges and `unlink`: safe in a signal handler.
  static func unlinkAll() {
    for slot in 0..<capacity {
      if let name = slots[slot].exchange(nil, ordering: .acquiringAndReleasing) { unlink(name) }
    }
  }
}
