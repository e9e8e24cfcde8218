/// What a sampler reports of a transition: a structure for programs, numbers by name for files.
///
/// A conforming structure lists its properties once, in ``fields``; names, numbers and the way back follow from
/// that list.
public protocol SamplerInfo: Sendable, Hashable {
  /// A report of zeros.
  init()
  /// The properties, in the order of files, by the names that ArviZ has for them where it has one.
  static var fields: [SamplerInfoField<Self>] { get }
}

/// A property of a report, with its name in files.
public struct SamplerInfoField<Info: SamplerInfo>: Sendable {
  /// The name in files.
  public let name: String
  /// The property.
  public let property: any WritableKeyPath<Info, Double> & Sendable

  /// A property under a name.
  public init(_ name: String, _ property: any WritableKeyPath<Info, Double> & Sendable) {
    (self.name, self.property) = (name, property)
  }
}

extension SamplerInfo {
  /// The names of the numbers.
  public static var names: [String] { fields.map(\.name) }

  /// The numbers, in the order of ``names``.
  public var numbers: [Double] { Self.fields.map { self[keyPath: $0.property] } }

  /// The report that has these numbers.
  ///
  /// - Precondition: as many numbers as ``names``.
  public init(numbers: [Double]) {
    let fields = Self.fields
    precondition(numbers.count == fields.count, "\(numbers.count) numbers for \(fields.count) fields")
    self.init()
    for (field, number) in zip(fields, numbers) { self[keyPath: field.property] = number }
  }
}
