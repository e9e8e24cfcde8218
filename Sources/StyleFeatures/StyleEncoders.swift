/// The style encoders that can be named.
///
/// A value, as the families of priors are: a program that has an encoder of its own adds its registration to the
/// ``standard`` ones.
public struct StyleEncoders: Sendable {
  /// In the order in which they were added.
  public let kinds: [StyleEncoderKind]

  /// Those that every `priorkit` knows: they need no trained weights. A new one is one line here.
  public static let standard = StyleEncoders(kinds: [.mfcc, .mir])

  /// The standard ones, and those that only describe recordings for conditional priors.
  public static let describing = standard.adding(.summary)

  private init(kinds: [StyleEncoderKind]) { self.kinds = kinds }

  /// These and one more, which takes the place of one that has its name.
  public func adding(_ registration: some StyleEncoderRegistration) -> StyleEncoders {
    adding(StyleEncoderKind(registration))
  }

  /// These and one more, likewise.
  public func adding(_ kind: StyleEncoderKind) -> StyleEncoders {
    StyleEncoders(kinds: kinds.filter { $0 != kind } + [kind])
  }

  /// The encoder of a name, nil for an unknown one.
  public subscript(name: String) -> StyleEncoderKind? { kinds.first { $0.rawValue == name } }

  /// In the order of ``kinds``.
  public var names: [String] { kinds.map(\.rawValue) }
}

// MARK: - Kinds as text

extension StyleEncoderKind: RawRepresentable, CaseIterable, Codable {
  /// One of the ``StyleEncoders/standard`` encoders; nil for an unknown name.
  public init?(rawValue: String) {
    guard let kind = StyleEncoders.standard[rawValue] else { return nil }
    self = kind
  }

  /// The ``StyleEncoders/standard`` ones.
  public static var allCases: [StyleEncoderKind] { StyleEncoders.standard.kinds }
}
