import CLibzip
import Foundation

/// A zip archive made in memory, entries stored without compression as `numpy.savez` does.
enum ZipArchive {
  /// - Throws: ``DataError`` in the library's words, which name `path`.
  static func data(_ entries: [(name: String, content: Data)], path: String) throws -> Data {
    var failure = zip_error_t()
    zip_error_init(&failure)
    defer { zip_error_fini(&failure) }
    func error() -> DataError {
      DataError(
        .malformed, path,
        "The archive for \(path) could not be made (\(String(cString: zip_error_strerror(&failure)))): "
          + "check the free memory.")
    }
    guard let target = zip_source_buffer_create(nil, 0, 0, &failure) else { throw error() }
    defer { zip_source_free(target) }
    // The archive takes over one reference; the other one lets its bytes be read after closing.
    zip_source_keep(target)
    guard let archive = zip_open_from_source(target, ZIP_TRUNCATE, &failure) else {
      zip_source_free(target)
      throw error()
    }
    do {
      for (name, content) in entries { try add(name, content, to: archive, path: path) }
    } catch {
      zip_discard(archive)
      throw error
    }
    guard zip_close(archive) == 0 else {
      let reason = String(cString: zip_strerror(archive))
      zip_discard(archive)
      throw DataError(
        .malformed, path, "The archive for \(path) could not be made (\(reason)): check the free memory.")
    }
    return try bytes(of: target) ?? { throw error() }()
  }

  private static func add(_ name: String, _ content: Data, to archive: OpaquePointer, path: String) throws {
    let failed = { DataError(.malformed, path, "\(name) could not be added to \(path): check the free memory.") }
    // The library frees this copy when the archive is closed.
    guard let copy = malloc(max(content.count, 1)) else { throw failed() }
    content.withUnsafeBytes { if let base = $0.baseAddress { memcpy(copy, base, content.count) } }
    guard let source = zip_source_buffer(archive, copy, zip_uint64_t(content.count), 1) else {
      free(copy)
      throw failed()
    }
    let index = zip_file_add(archive, name, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
    guard index >= 0 else {
      zip_source_free(source)
      throw failed()
    }
    zip_set_file_compression(archive, zip_uint64_t(index), ZIP_CM_STORE, 0)
  }

  private static func bytes(of source: OpaquePointer) -> Data? {
    guard zip_source_open(source) == 0 else { return nil }
    defer { zip_source_close(source) }
    guard zip_source_seek(source, 0, SEEK_END) == 0 else { return nil }
    let count = zip_source_tell(source)
    guard count >= 0, zip_source_seek(source, 0, SEEK_SET) == 0 else { return nil }
    var data = Data(count: Int(count))
    let read = data.withUnsafeMutableBytes { zip_source_read(source, $0.baseAddress, zip_uint64_t(count)) }
    return read == count ? data : nil
  }
}
