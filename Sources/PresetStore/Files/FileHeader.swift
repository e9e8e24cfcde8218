package import FXParams
public import HDF5Store

/// The header of every file of PriorKit: its kind, the version of the format, its provenance, and the parameter
/// space.
package struct FileHeader {
  /// The format that this version writes, and the newest that it reads.
  static let formatVersion = 1

  package enum Kind: String, Sendable {
    case presets, prior, statistics, posterior, conditional, shard

    /// For errors: "holds ...".
    var words: String {
      switch self {
      case .presets, .statistics: rawValue
      case .prior, .posterior: "a \(rawValue)"
      case .conditional: "a conditional prior"
      case .shard: "one shard of some work"
      }
    }
  }

  package var kind: Kind
  package var chain: ChainDescription
  package var provenance: Provenance

  // MARK: - Writing

  /// - Parameter group: where the parameter space stands, if not at the root.
  package func write(to writer: HDF5Writer, group: String = "") throws {
    try writer.set(kind.rawValue, attribute: "priorkit_kind")
    try writer.set(Self.formatVersion, attribute: "priorkit_version")
    try provenance.write(to: writer)
    let space = chain.parameterSpace
    try writer.write(try chain.yaml(), to: group + "/parameter_space")
    try writer.write(space.names, to: group + "/names")
    try writer.write(space.parameters.map(\.unit.rawValue), to: group + "/units")
  }

  // MARK: - Reading

  package init(kind: Kind, chain: ChainDescription, provenance: Provenance) {
    self.kind = kind
    self.chain = chain
    self.provenance = provenance
  }

  /// Reads and checks the header: kind, version, chain and names.
  package init(_ reader: HDF5Reader, expecting kind: Kind, group: String = "") throws {
    let path = reader.path
    guard let found = try reader.textIfPresent(attribute: "priorkit_kind") else {
      throw DataError(
        .wrongKind, path,
        "\(path) is not a file of PriorKit (it has no attribute priorkit_kind): import it, or give another file.")
    }
    guard found == kind.rawValue else {
      if found == Kind.shard.rawValue { throw DataError.isShard(path: path) }
      throw DataError(
        .wrongKind, path,
        "\(path) holds \(Kind(rawValue: found)?.words ?? found), not \(kind.words): give a file that does.")
    }
    let version = try reader.integer(attribute: "priorkit_version")
    guard version <= Self.formatVersion else {
      throw DataError(
        .newerVersion, path,
        "\(path) has format version \(version) but this program reads versions up to \(Self.formatVersion): "
          + "use a newer priorkit.")
    }
    guard version >= 1 else {
      throw DataError(.malformed, path, "\(path) has format version \(version), which never was: make it again.")
    }
    self.kind = kind
    chain = try Self.chain(reader, group)
    provenance = try Provenance(reader)
    try Self.check(names: try reader.strings(group + "/names"), chain: chain, path: path)
  }

  private static func chain(_ reader: HDF5Reader, _ group: String) throws -> ChainDescription {
    guard let text = try reader.strings(group + "/parameter_space").first else {
      throw DataError(.malformed, reader.path, "/parameter_space in \(reader.path) is empty: make the file again.")
    }
    do {
      return try ChainDescription(yaml: text)
    } catch {
      throw DataError(.malformed, reader.path, "/parameter_space in \(reader.path) cannot be used: \(error)")
    }
  }

  private static func check(names: [String], chain: ChainDescription, path: String) throws {
    let expected = chain.parameterSpace.names
    guard names.count == expected.count else {
      throw DataError(
        .wrongShape, path,
        "/names in \(path) has \(names.count) entries but its chain has \(expected.count) parameters: "
          + "make the file again.")
    }
    if let index = names.indices.first(where: { names[$0] != expected[$0] }) {
      throw DataError(
        .wrongChain, path,
        "Parameter \(index) in \(path) is named \(names[index]) but its chain calls it \(expected[index]): "
          + "make the file again with one chain.")
    }
  }
}

extension Provenance {
  /// Stores the record as root attributes: command, version, date, seed, input_files, input_sha256;
  /// what is empty is left out.
  public func write(to writer: HDF5Writer) throws {
    try writer.set(command, attribute: "command")
    try writer.set(version, attribute: "version")
    if !date.isEmpty { try writer.set(date, attribute: "date") }
    if let seed { try writer.set(String(seed), attribute: "seed") }
    if !inputs.isEmpty {
      try writer.set(inputs.map(\.path), attribute: "input_files")
      try writer.set(inputs.map(\.sha256), attribute: "input_sha256")
    }
  }

  init(_ reader: HDF5Reader) throws {
    let hasInputs = reader.contains(attribute: "input_files") && reader.contains(attribute: "input_sha256")
    let files = hasInputs ? try reader.strings(attribute: "input_files") : []
    let hashes = hasInputs ? try reader.strings(attribute: "input_sha256") : []
    self.init(
      command: try reader.textIfPresent(attribute: "command") ?? "",
      version: try reader.textIfPresent(attribute: "version") ?? "",
      date: try reader.textIfPresent(attribute: "date") ?? "",
      seed: try reader.textIfPresent(attribute: "seed").flatMap { UInt64($0) },
      inputs: zip(files, hashes).map { Input(path: $0, sha256: $1) })
  }

  /// How a preset or prior file was made.
  public init(ofFile path: String) throws { try self.init(HDF5Reader(path: path)) }
}
