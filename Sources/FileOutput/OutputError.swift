import Foundation

/// Why an output file cannot be written: one sentence that names the path and the remedy.
///
/// To replace an output that ``exists(path:)``, pass `overwrite: true`.
public enum OutputError: Error, CustomStringConvertible, Sendable, Equatable {
  /// The output exists and overwriting was not asked for.
  case exists(path: String)
  /// The output is a folder.
  case isFolder(path: String)
  /// The output is to be a folder, and a file has its name.
  case isFile(path: String)
  /// The folder to be replaced holds something that was not written with it.
  case foreignContent(path: String, name: String)
  /// The folder that is to hold the output does not exist, or is not a folder.
  case noFolder(path: String, folder: String)
  /// The folder, or the existing file, may not be written to.
  case readOnly(path: String, folder: String)
  /// The disk is full, or a quota or file size limit is reached.
  case diskFull(path: String)
  /// Anything else, in the system's words.
  case failed(path: String, reason: String)

  public var description: String {
    switch self {
    case .exists(let path):
      "The output \(path) exists already: choose another name, or ask for it to be replaced."
    case .isFolder(let path):
      "The output \(path) is a folder: give the name of a file."
    case .isFile(let path):
      "The output \(path) is a file, and a folder is to be written: choose another name."
    case .foreignContent(let path, let name):
      "The folder \(path) is not replaced, because \(name) in it is of something else: choose another folder."
    case .noFolder(let path, let folder):
      "The output \(path) cannot be written because there is no folder \(folder): create it or choose another name."
    case .readOnly(let path, let folder):
      "The output \(path) cannot be written because \(folder) is read-only: choose another folder."
    case .diskFull(let path):
      "The disk is full, so \(path) was not written: free some space or choose another disk."
    case .failed(let path, let reason):
      "The output \(path) could not be written (\(reason)): check the disk or choose another folder."
    }
  }

  /// The error of a failed system call, from its `errno`.
  package static func system(_ code: Int32, path: String) -> OutputError {
    let folder = OutputFile.folder(of: path)
    return switch code {
    case ENOSPC, EDQUOT, EFBIG: .diskFull(path: path)
    case EACCES, EPERM, EROFS: .readOnly(path: path, folder: folder)
    case ENOENT, ENOTDIR: .noFolder(path: path, folder: folder)
    case EEXIST: .exists(path: path)
    case EISDIR: .isFolder(path: path)
    default: .failed(path: path, reason: String(cString: strerror(code)))
    }
  }
}
