import CHDF5
import Foundation
import Synchronization

/// What a library call is for; its errors name it.
struct Operation {
  /// A verb: "read", "write".
  let action: String
  let path: String
  var object: String? = nil
}

/// An open object of the library, closed when the last reference goes.
///
/// Only ``Library`` can make one or see its number, which it lends to closures.
final class Handle: Sendable {
  fileprivate let id: hid_t
  private let close: @Sendable (hid_t) -> herr_t

  fileprivate init(id: hid_t, close: @escaping @Sendable (hid_t) -> herr_t) {
    self.id = id
    self.close = close
  }

  deinit { Library.release(id, close) }
}

/// The one door to the library: every call takes the lock, is checked, and has its errors harvested on its own
/// thread.
///
/// The serial build of HDF5 is not thread-safe, hence the lock. Bodies contain calls of the library alone and never
/// release a ``Handle``, whose `deinit` takes the lock too.
enum Library {
  private static let isPrepared = Mutex(false)

  private static func locked<Result>(_ body: () -> Result) -> Result {
    isPrepared.withLock { isPrepared in
      if !isPrepared {
        // The library's clean-up at exit crashes on files whose writes failed; every handle is closed here anyway.
        H5dont_atexit()
        // Raw files are looked for beside the file that names them, as links and virtual sources are, not where the
        // process was started.
        setenv("HDF5_EXTFILE_PREFIX", "${ORIGIN}", 0)
        isPrepared = true
      }
      // Printing is switched off each time because thread-safe builds keep the setting for each thread.
      H5Eset_auto2(0, nil, nil)
      return body()
    }
  }

  /// Runs library calls; a negative result throws.
  @discardableResult
  static func exec<Status: SignedInteger>(_ operation: Operation, _ body: () -> Status) throws -> Status {
    let (status, messages) = locked {
      let status = body()
      return (status, status < 0 ? harvestErrors() : [])
    }
    guard status >= 0 else { throw HDF5Error.library(operation, messages: messages) }
    return status
  }

  /// Runs library calls on the numbers of open objects, which stay open meanwhile.
  @discardableResult
  static func exec<Status: SignedInteger>(
    _ operation: Operation, _ handle: Handle, _ body: (hid_t) -> Status
  ) throws -> Status {
    try withExtendedLifetime(handle) { try exec(operation) { body(handle.id) } }
  }

  @discardableResult
  static func exec<Status: SignedInteger>(
    _ operation: Operation, with handles: [Handle], _ body: ([hid_t]) -> Status
  ) throws -> Status {
    try withExtendedLifetime(handles) { try exec(operation) { body(handles.map(\.id)) } }
  }

  // MARK: Opening and closing

  /// Takes over the object that `body` opens.
  static func open(
    _ operation: Operation, close: @escaping @Sendable (hid_t) -> herr_t, _ body: () -> hid_t
  ) throws -> Handle {
    Handle(id: try exec(operation, body), close: close)
  }

  /// Takes over the object that `body` opens in another one.
  static func open(
    _ operation: Operation, in parent: Handle, close: @escaping @Sendable (hid_t) -> herr_t,
    _ body: (hid_t) -> hid_t
  ) throws -> Handle {
    Handle(id: try exec(operation, parent, body), close: close)
  }

  /// Takes over the object that `body` opens with the help of several others.
  static func open(
    _ operation: Operation, with handles: [Handle], close: @escaping @Sendable (hid_t) -> herr_t,
    _ body: ([hid_t]) -> hid_t
  ) throws -> Handle {
    Handle(id: try exec(operation, with: handles, body), close: close)
  }

  fileprivate static func release(_ id: hid_t, _ close: (hid_t) -> herr_t) {
    locked { if close(id) < 0 { H5Eclear2(0) } }
  }

  /// The file names, with repetition, of all open files, datasets, groups, types and attributes.
  static func filesOfOpenObjects() -> [String] {
    locked {
      let count = priorkit_h5f_open_objects(nil, 0)
      guard count > 0 else { return [] }
      var list = [hid_t](repeating: -1, count: count)
      let found = priorkit_h5f_open_objects(&list, count)
      let names = list.prefix(max(found, 0)).map { object in
        var name = [CChar](repeating: 0, count: 4096)
        return H5Fget_name(object, &name, name.count) > 0 ? String(buffer: name) : ""
      }
      H5Eclear2(0)
      return names
    }
  }
}

/// What is open in the library, for tests.
package enum HDF5Diagnostics {
  /// How many objects of files whose path begins with `prefix` are open: 0 when nothing has leaked.
  package static func openObjectCount(below prefix: String) -> Int {
    Library.filesOfOpenObjects().count { $0.hasPrefix(prefix) }
  }
}

extension String {
  /// The text that the library wrote to a buffer, up to its NUL.
  init(buffer: [CChar]) {
    self.init(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

// MARK: - Errors of the library

/// Reads the error stack of this thread, innermost first, and clears it.
private func harvestErrors() -> [String] {
  var messages: [String] = []
  withUnsafeMutablePointer(to: &messages) { pointer in
    _ = H5Ewalk2(
      0, H5E_WALK_UPWARD,
      { _, record, messages in
        guard let text = record?.pointee.desc, let messages else { return 0 }
        messages.assumingMemoryBound(to: [String].self).pointee.append(String(cString: text))
        return 0
      }, pointer)
  }
  H5Eclear2(0)
  return messages
}
