public import NeuralCore
public import StyleFeatures

/// An encoder as text names it: `mfcc`, `afx-rep=weights.safetensors`, or `process:python3 my_encoder.py`.
public enum EncoderSpecification: Sendable, CustomStringConvertible {
  /// One that needs no weights.
  case standard(StyleEncoderKind)
  /// A network with weights in a file.
  case network(Cnn14Configuration, path: String)
  /// A program, by the command that starts it.
  case process(command: String)

  private static let processPrefix = "process:"

  /// Nil for a name that there is none of, or weights without a file.
  public init?(_ text: String) {
    if let kind = StyleEncoders.describing[text] {
      self = .standard(kind)
      return
    }
    if text.hasPrefix(Self.processPrefix), text.count > Self.processPrefix.count {
      self = .process(command: String(text.dropFirst(Self.processPrefix.count)))
      return
    }
    let parts = text.split(separator: "=", maxSplits: 1).map { String($0) }
    guard parts.count == 2 else { return nil }
    if let configuration = Cnn14Configuration.known.first(where: { $0.name == parts[0] }) {
      self = .network(configuration, path: parts[1])
    } else {
      return nil
    }
  }

  public var description: String {
    switch self {
    case .standard(let kind): kind.rawValue
    case .network(let configuration, let path): "\(configuration.name)=\(path)"
    case .process(let command): Self.processPrefix + command
    }
  }

  /// The files that it is made of.
  public var paths: [String] {
    if case .network(_, let path) = self { [path] } else { [] }
  }

  /// Whether it computes in a precision that can be chosen.
  public var takesPrecision: Bool { !paths.isEmpty }

  /// Makes the encoder, and reads its weights where it has some.
  ///
  /// - Parameters:
  ///   - precision: the numbers that a network computes with.
  ///   - patienceSeconds: how long an answer of a program may take.
  /// - Throws: `FileReadError`, `SafeTensorsError`, `NeuralError`, ``ProcessEncoderError``.
  public func load(
    precision: NeuralPrecision = .float32, patienceSeconds: Int = ProcessEncoderModel.patienceSeconds
  ) throws -> StyleEncoderKind {
    switch self {
    case .standard(let kind): kind
    case .network(let configuration, let path):
      try Cnn14Model(Cnn14Weights(path: path, configuration: configuration), precision: precision).encoder
    case .process(let command):
      try ProcessEncoderModel(command: command, patienceSeconds: patienceSeconds).encoder
    }
  }
}
