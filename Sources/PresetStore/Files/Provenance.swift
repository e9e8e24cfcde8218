import FileOutput
public import Foundation

/// The origin of a file: enough to make it again and to notice that an input has changed.
public struct Provenance: Sendable, Hashable, Codable {
  /// The version of PriorKit, by semantic versioning.
  public static let currentVersion = "0.1.0"

  /// A file that went into the result.
  public struct Input: Sendable, Hashable, Codable {
    /// As the command line named it.
    public var path: String
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    public var sha256: String

    public init(path: String, sha256: String) {
      self.path = path
      self.sha256 = sha256
    }
  }

  /// The command line, quoted so that a shell reads it back.
  public var command: String
  /// The version of PriorKit that wrote the file.
  public var version: String
  /// When, in ISO 8601 and UTC; empty for what was put together from shards, which is the same whenever that was.
  public var date: String
  /// The seed of the random numbers, if any were drawn.
  public var seed: UInt64?
  /// In the order given, by name for what was put together from shards; empty where no file was read.
  public var inputs: [Input]

  /// - Parameters:
  ///   - arguments: the command line, unquoted.
  ///   - seed: of the random numbers; nil where none were drawn.
  ///   - inputPaths: files, which are read and hashed; folders are not allowed.
  ///   - date: when the file is made, kept to the second.
  /// - Throws: ``DataError`` if an input cannot be read.
  public init(
    arguments: [String] = CommandLine.arguments, seed: UInt64? = nil, inputPaths: [String] = [], date: Date = Date()
  ) throws {
    command = Self.commandLine(arguments)
    version = Self.currentVersion
    self.date = date.formatted(.iso8601)
    self.seed = seed
    inputs = try inputPaths.map { Input(path: $0, sha256: try Self.sha256(ofFile: $0)) }
  }

  /// The digest of each input by its path.
  package var digests: [String: String] {
    Dictionary(inputs.map { ($0.path, $0.sha256) }, uniquingKeysWith: { first, _ in first })
  }

  init(command: String, version: String, date: String, seed: UInt64?, inputs: [Input]) {
    self.command = command
    self.version = version
    self.date = date
    self.seed = seed
    self.inputs = inputs
  }

  /// The record as a JSON object on one line, with the names of its properties as keys.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  // MARK: - Hashing

  /// SHA-256 of a file's bytes, in lower-case hexadecimal; memory does not grow with the file.
  public static func sha256(ofFile path: String) throws -> String {
    do { return try FileDigest.sha256(ofFile: path) } catch { throw DataError(.malformed, path, "\(error)") }
  }

  /// Arguments as one line that a shell reads back.
  public static func commandLine(_ arguments: [String]) -> String {
    arguments.map(quoted).joined(separator: " ")
  }

  private static func quoted(_ argument: String) -> String {
    let plain =
      !argument.isEmpty
      && argument.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-_./=:,+@%".utf8.contains(byte)
        }
      }
    return plain ? argument : "'" + argument.replacingOccurrences(of: "'", with: #"'\''"#) + "'"
  }
}

/// The bytes of a file or a pipe.
func contents(ofFile path: String) throws -> Data {
  do { return try FileContents.data(ofFile: path) } catch { throw DataError(.malformed, path, "\(error)") }
}
