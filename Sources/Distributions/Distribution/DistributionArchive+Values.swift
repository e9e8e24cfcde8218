public import NumericCore

// What families write and read. Readers check shapes and values, so that a family's own initialiser need not.

extension DistributionArchive {
  // MARK: - Writing

  /// Stores a number, as an array of shape [].
  public mutating func set(_ value: Double, for name: String) {
    arrays[name] = Array(shape: [], values: [value])
  }

  /// Stores a vector, as an array of shape [count].
  public mutating func set(_ values: [Double], for name: String) {
    arrays[name] = Array(shape: [values.count], values: values)
  }

  /// Stores a matrix, as an array of shape [rows, columns].
  public mutating func set(_ matrix: Matrix, for name: String) {
    arrays[name] = Array(shape: [matrix.rows, matrix.columns], values: matrix.values)
  }

  /// Stores a part, such as a component of a mixture, under `prefix/`.
  public mutating func set(_ part: DistributionArchive, under prefix: String) {
    for (name, array) in part.arrays { arrays[prefix + "/" + name] = array }
    for (name, text) in part.texts { texts[prefix + "/" + name] = text }
  }

  /// Stores a distribution: its family as `name/family`, its arrays under `name/density/`.
  public mutating func set(_ distribution: any Distribution, at name: String) {
    texts[name + "/family"] = type(of: distribution).family
    var part = DistributionArchive()
    distribution.encode(into: &part)
    set(part, under: name + "/density")
  }

  // MARK: - Reading

  /// A finite number, or an infinite one where that has a meaning.
  ///
  /// - Throws: ``ArchiveError``, as all of these do.
  public func number(_ name: String, allowingInfinity: Bool = false) throws -> Double {
    try checked(name, shape: [], allowingInfinity: allowingInfinity).values[0]
  }

  /// A finite number above 0.
  public func positiveNumber(_ name: String) throws -> Double {
    let value = try number(name)
    guard value > 0 else { throw ArchiveError.invalid(name, value: value, condition: "positive") }
    return value
  }

  /// Finite numbers, `count` of them where it is known.
  public func vector(_ name: String, count: Int? = nil) throws -> [Double] {
    try checked(name, shape: [count]).values
  }

  /// A matrix of finite numbers.
  public func matrix(_ name: String, rows: Int? = nil, columns: Int? = nil) throws -> Matrix {
    let array = try checked(name, shape: [rows, columns])
    return Matrix(rows: array.shape[0], columns: array.shape[1], values: array.values)
  }

  /// A stored text.
  ///
  /// - Throws: ``ArchiveError/missing(_:)``.
  public func text(_ name: String) throws -> String {
    guard let text = texts[name] else { throw ArchiveError.missing(name) }
    return text
  }

  /// The distribution of a family that was stored under `prefix/`; nil for an unknown family.
  public func distribution(_ family: String, under prefix: String) throws -> (any Distribution)? {
    try families.decode(family, from: part(prefix))
  }

  /// The distribution that ``set(_:at:)`` stored.
  ///
  /// - Parameters:
  ///   - name: where it stands.
  ///   - kind: what it must be; others are refused like unknown families.
  ///   - excluded: a family that must not stand here.
  public func distribution<Kind>(
    at name: String, as kind: Kind.Type, excluding excluded: String? = nil
  ) throws -> Kind {
    let family = try text(name + "/family")
    guard family != excluded, let found = try distribution(family, under: name + "/density") as? Kind else {
      throw ArchiveError.unknown(name + "/family", text: family)
    }
    return found
  }

  /// The part that was stored under `prefix/`.
  public func part(_ prefix: String) -> DistributionArchive {
    func inside<Value>(_ values: [String: Value]) -> [String: Value] {
      let path = prefix + "/"
      return Dictionary(
        uniqueKeysWithValues: values.compactMap { name, value in
          name.hasPrefix(path) ? (String(name.dropFirst(path.count)), value) : nil
        })
    }
    var part = DistributionArchive()
    part.arrays = inside(arrays)
    part.texts = inside(texts)
    part.families = families
    return part
  }

  /// - Parameter shape: expected extents; nil where any will do.
  private func checked(_ name: String, shape: [Int?], allowingInfinity: Bool = false) throws -> Array {
    guard let array = arrays[name] else { throw ArchiveError.missing(name) }
    let fits = array.shape.count == shape.count && zip(array.shape, shape).allSatisfy { $1 == nil || $0 == $1 }
    guard fits else { throw ArchiveError.wrongShape(name, found: array.shape, expected: shape) }
    if let index = array.values.firstIndex(where: { $0.isNaN || ($0.isInfinite && !allowingInfinity) }) {
      throw ArchiveError.notFinite(name, index: index, value: array.values[index])
    }
    if let index = array.values.firstIndex(where: { $0.isFinite && abs($0) > .largestSquared }) {
      throw ArchiveError.tooLarge(name, index: index, value: array.values[index])
    }
    return array
  }
}

/// Missing or unfit arrays of a distribution. The reader of a file adds the file's name.
public enum ArchiveError: Error, Equatable, Sendable, CustomStringConvertible {
  case missing(String)
  case wrongShape(String, found: [Int], expected: [Int?])
  /// `index` counts in row-major order.
  case notFinite(String, index: Int, value: Double)
  /// A number whose square is none.
  case tooLarge(String, index: Int, value: Double)
  /// An array whose values the family cannot have, with the condition that it should meet.
  case invalid(String, value: Double, condition: String)
  /// A text that is none of those that the family writes.
  case unknown(String, text: String)

  public var description: String {
    switch self {
    case .missing(let name):
      "The density has no /\(name): fit the prior again."
    case .wrongShape(let name, let found, let expected):
      "/\(name) has shape \(found) where [\(expected.map { $0.map { "\($0)" } ?? "any" }.joined(separator: ", "))] "
        + "is expected: fit the prior again."
    case .notFinite(let name, let index, let value):
      "Value \(index) of /\(name) is \(value) but must be finite: fit the prior again."
    case .tooLarge(let name, let index, let value):
      "Value \(index) of /\(name) is \(value), whose square is beyond any number: fit the prior again."
    case .invalid(let name, let value, let condition):
      "/\(name) is \(value) but must be \(condition): fit the prior again."
    case .unknown(let name, let text):
      "/\(name) is \(text), which is unknown here: use a newer priorkit."
    }
  }
}
