import Foundation
import Inference

/// A method of an evaluation, as text names it: what chooses a preset for a track.
public enum EvaluationMethod: Sendable, Hashable {
  /// The preset behind the track.
  case oracle
  /// The prior's mean.
  case mean
  /// The dry vocal itself, on both channels.
  case noEffect
  /// Of a collection, the preset with the least mean squared difference of the logits to the true one.
  case nearestParameters
  /// Of a collection, the preset that brings the input nearest to the reference's style.
  case nearestStyle(encoder: String)
  /// What a regression network makes of the reference.
  case regression(path: String)
  /// The mean of a conditional prior, given the dry or the wet vocal.
  case conditional(path: String)
  /// A style transfer.
  case transfer(encoder: String, alpha: Double, search: Search)
  /// A style transfer under a conditional prior, given the dry or the wet vocal.
  case conditionalTransfer(path: String, encoder: String, alpha: Double, search: Search)

  /// How a transfer looks for the best preset.
  public struct Search: Sendable, Hashable {
    /// The method, with its usual settings.
    public let method: TransferMethod
    /// Evaluations at most.
    public let stepLimit: Int

    /// `adam`, or with a number of evaluations `adam-200`.
    init?(_ text: String) {
      let methods: [TransferMethod] = [
        .lbfgs, .published, .whiteAdam(Adam(learningRate: 0.1)), .evolution,
      ]
      for method in methods {
        if text == method.name {
          (self.method, stepLimit) = (method, method.usualStepLimit)
          return
        }
        guard text.hasPrefix(method.name + "-"), let steps = Int(text.dropFirst(method.name.count + 1)), steps > 0
        else { continue }
        (self.method, stepLimit) = (method, steps)
        return
      }
      return nil
    }

    init(_ method: TransferMethod) { (self.method, stepLimit) = (method, method.usualStepLimit) }
  }

  /// Nil for a name that there is none of.
  public init?(_ text: String) {
    switch text {
    case "oracle": self = .oracle
    case "mean": self = .mean
    case "no-effect": self = .noEffect
    case "nn-param": self = .nearestParameters
    default:
      guard let colon = text.firstIndex(of: ":"), text.index(after: colon) < text.endIndex else { return nil }
      let argument = String(text[text.index(after: colon)...])
      switch text[..<colon] {
      case "nn-emb": self = .nearestStyle(encoder: argument)
      case "regression": self = .regression(path: argument)
      case "conditional": self = .conditional(path: argument)
      case "transfer":
        guard let transfer = Self.transfer(argument) else { return nil }
        self = transfer
      case "conditional-transfer":
        guard let colon = argument.firstIndex(of: ":"), colon > argument.startIndex,
          case .transfer(let encoder, let alpha, let search)? = Self.transfer(
            String(argument[argument.index(after: colon)...]))
        else { return nil }
        self = .conditionalTransfer(
          path: String(argument[..<colon]), encoder: encoder, alpha: alpha, search: search)
      default: return nil
      }
    }
  }

  /// `ENCODER:ALPHA` or `ENCODER:ALPHA:SEARCH`, where the encoder may hold colons of its own.
  private static func transfer(_ text: String) -> Self? {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false).map { String($0) }
    var search = Search(.lbfgs)
    if parts.count >= 3, let named = Search(parts[parts.count - 1]) {
      search = named
      parts.removeLast()
    }
    guard parts.count >= 2, let alpha = Double(parts.removeLast()), (0...1e6).contains(alpha) else { return nil }
    let encoder = parts.joined(separator: ":")
    return encoder.isEmpty ? nil : .transfer(encoder: encoder, alpha: alpha, search: search)
  }

  /// All spellings, for an error.
  public static let list =
    "oracle, mean, no-effect, nn-param, nn-emb:ENCODER, regression:FILE, conditional:FILE, "
    + "transfer:ENCODER:ALPHA, conditional-transfer:FILE:ENCODER:ALPHA, or either with :SEARCH, which is lbfgs, "
    + "adam, adam-white or cma-es, with a number of evaluations if wanted (adam-200)"

  /// The encoder that it needs, as text names it.
  public var encoder: String? {
    switch self {
    case .nearestStyle(let encoder), .transfer(let encoder, _, _): encoder
    case .conditionalTransfer(_, let encoder, _, _): encoder
    default: nil
    }
  }

  /// The file that it reads.
  public var path: String? {
    switch self {
    case .regression(let path): path
    default: conditionalPath
    }
  }

  /// How a transfer looks for the best preset; nil for other methods.
  public var search: Search? {
    switch self {
    case .transfer(_, _, let search), .conditionalTransfer(_, _, _, let search): search
    default: nil
    }
  }

  /// The conditional prior that it reads.
  public var conditionalPath: String? {
    switch self {
    case .conditional(let path), .conditionalTransfer(let path, _, _, _): path
    default: nil
    }
  }

  /// Whether it needs a reference and an input from different segments.
  public var needsSegments: Bool {
    switch self {
    case .oracle, .mean, .noEffect, .nearestParameters: false
    case .nearestStyle, .regression, .conditional, .transfer, .conditionalTransfer: true
    }
  }

  /// Whether it knows the preset behind the track.
  public var needsPreset: Bool { self == .oracle || self == .nearestParameters }

  /// Whether it chooses from a collection.
  public var needsCollection: Bool {
    switch self {
    case .nearestParameters, .nearestStyle: true
    default: false
    }
  }

  /// Whether it needs a prior.
  public var needsPrior: Bool {
    switch self {
    case .mean, .transfer: true
    default: false
    }
  }
}
