/// Why an HDF5 file cannot be read or written: one sentence that names the file, the dataset and the remedy.
public struct HDF5Error: Error, CustomStringConvertible, Sendable {
  /// The kind of failure, for code that reacts to it.
  public enum Code: Sendable, Hashable {
    /// The file does not exist, may not be read, is of another format, ends early, or is locked by another program.
    case fileMissing, notReadable, notHDF5, truncated, locked
    /// A dataset, group or attribute does not exist, or has another type or shape than expected.
    case objectMissing, wrongType, wrongShape
    /// Data that the file announces and does not hold, or holds elsewhere; more than memory holds; not what was
    /// written.
    case notStored, outsideFolder, tooLarge, damaged
    /// There is no space left to write, or the library failed for a reason that it does not tell apart.
    case diskFull, failed
  }

  /// The kind of failure.
  public let code: Code
  /// The file concerned.
  public let path: String
  /// The dataset, group or attribute concerned.
  public let object: String?
  public let description: String
  /// The library's own messages, innermost first, for bug reports.
  public let libraryMessages: [String]

  init(_ code: Code, path: String, object: String? = nil, _ description: String, library: [String] = []) {
    self.code = code
    self.path = path
    self.object = object
    self.description = description
    libraryMessages = library
  }
}

// MARK: - Sentences

extension HDF5Error {
  static func fileMissing(_ path: String) -> HDF5Error {
    HDF5Error(.fileMissing, path: path, "There is no file \(path): check the name.")
  }

  static func missing(_ object: String, in path: String, present: [String]) -> HDF5Error {
    let list = present.isEmpty ? "nothing" : present.prefix(8).joined(separator: ", ")
    return HDF5Error(
      .objectMissing, path: path, object: object,
      "\(path) holds no \(object) (there is \(list)): check that it is the right kind of file.")
  }

  static func wrongType(_ object: String, in path: String, found: String, expected: String) -> HDF5Error {
    HDF5Error(
      .wrongType, path: path, object: object,
      "\(object) in \(path) holds \(found) where \(expected) is expected: check that it is the right kind of file.")
  }

  static func wrongShape(_ object: String, in path: String, found: [Int], expected: String) -> HDF5Error {
    HDF5Error(
      .wrongShape, path: path, object: object,
      "\(object) in \(path) has shape \(found) where \(expected) is expected: check that it is the right kind "
        + "of file."
    )
  }

  /// - Parameter clause: what is wrong: "has 2 of 3 chunks".
  static func notStored(_ object: String, in path: String, _ clause: String, _ cause: HDF5Error? = nil) -> HDF5Error
  {
    HDF5Error(
      .notStored, path: path, object: object,
      "\(object) in \(path) \(clause), so that some of its values are missing: write the file again.",
      library: cause.map { [$0.description] } ?? [])
  }

  static func tooLarge(_ object: String, in path: String, shape: [Int]) -> HDF5Error {
    HDF5Error(
      .tooLarge, path: path, object: object,
      "\(object) in \(path) has shape \(shape), more than the memory of this machine holds: divide the file.")
  }

  static func notAnInteger(_ object: String, in path: String, _ value: String) -> HDF5Error {
    HDF5Error(
      .wrongType, path: path, object: object,
      "\(object) in \(path) is \(value) where an integer is expected: check that it is the right kind of file.")
  }

  static func damaged(_ path: String) -> HDF5Error {
    HDF5Error(
      .damaged, path: path,
      "\(path) is damaged: its bytes are not those that were written. Copy it again, or make it again.")
  }

  /// The error of a failed library call, by what the error stack says.
  static func library(_ operation: Operation, messages: [String]) -> HDF5Error {
    func error(_ code: Code, _ sentence: String) -> HDF5Error {
      HDF5Error(code, path: operation.path, object: operation.object, sentence, library: messages)
    }
    func says(_ texts: String...) -> Bool {
      messages.contains { message in texts.contains { message.contains($0) } }
    }
    let path = operation.path
    if says("errno = 28,", "errno = 122,", "errno = 27,") {
      return error(
        .diskFull, "The disk is full, so \(path) was not written: free some space or choose another disk.")
    }
    if says("errno = 13,", "errno = 1,", "errno = 30,") {
      return error(.notReadable, "\(path) cannot be opened for lack of permission: check who owns it.")
    }
    // The second text: this process has the file open already, without the lock.
    if says("unable to lock file", "file locking flag values don't match") {
      return error(
        .locked, "\(path) is in use by another program, which has locked it: close that program, or work on a copy."
      )
    }
    if says("already open for") {
      return error(
        .locked,
        "\(path) is open for writing, or was left so by a crash: close it, or repair it with h5clear -s.")
    }
    if says("truncated file") {
      return error(
        .truncated, "\(path) is cut off, as after an interrupted copy or a crash: copy or make it again.")
    }
    if says("file signature not found") {
      return error(.notHDF5, "\(path) is not an HDF5 file: give a file written by priorkit, or import it first.")
    }
    if says("required filter", "filter is not registered", "is not available") {
      return error(
        .failed,
        "\(operation.object ?? "A dataset") in \(path) is packed by a filter that is not installed here: "
          + "repack it with h5repack -f GZIP=4.")
    }
    let subject = operation.object.map { "\($0) in \(path)" } ?? path
    return error(
      .failed,
      "Cannot \(operation.action) \(subject) (\(messages.first ?? "no reason given")): the file may be damaged.")
  }
}
