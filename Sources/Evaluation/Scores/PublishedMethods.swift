/// The names of methods in the published scores of arXiv 2505.11315, beside the spellings of the same
/// configurations here.
public enum PublishedMethods {
  /// The published name of a method.
  ///
  /// | here | published |
  /// |---|---|
  /// | `oracle`, `mean` | `oracle`, `mean` |
  /// | `nn-param` | `nn_param` |
  /// | `nn-emb:ENCODER` | `nn_afx`, `nn_mfcc`, `nn_mir` |
  /// | `regression`, with or without a file | `regression` |
  /// | `transfer:ENCODER:0`, whatever the optimiser | `afx`, `mfcc`, `mir` |
  /// | `transfer:ENCODER:0.01`, `0.1`, `1` | the same with `_001`, `_01`, `_1` |
  ///
  /// Encoders are `afx-rep`, `mfcc` and `mir`, the first with or without its file. A name that is already a
  /// published one stays.
  ///
  /// - Returns: nil for a method without a published counterpart.
  public static func name(of method: String) -> String? {
    if all.contains(method) { return method }
    var parts = method.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    switch parts.removeFirst() {
    case "nn-param" where parts.isEmpty: return "nn_param"
    case "nn-emb": return encoder(parts).map { "nn_" + $0 }
    case "regression": return "regression"
    case "transfer":
      // The last part may name the optimiser.
      if parts.count > 2, Double(parts[parts.count - 1]) == nil { parts.removeLast() }
      guard let alpha = parts.popLast().flatMap(Double.init), let encoder = encoder(parts) else { return nil }
      return suffixes.first(where: { $0.alpha == alpha }).map { encoder + $0.suffix }
    default: return nil
    }
  }

  /// The published name of an encoder; weights behind `=`, whose path may hold colons, do not matter.
  private static func encoder(_ parts: [String]) -> String? {
    encoders[String(parts.joined(separator: ":").prefix { $0 != "=" })]
  }

  private static let encoders = ["afx-rep": "afx", "mfcc": "mfcc", "mir": "mir"]
  private static let suffixes: [(alpha: Double, suffix: String)] = [
    (0, ""), (0.01, "_001"), (0.1, "_01"), (1, "_1"),
  ]

  /// Every name in the published scores.
  public static let all: Set<String> = {
    var names: Set<String> = ["oracle", "mean", "nn_param", "regression"]
    for encoder in encoders.values {
      names.insert("nn_" + encoder)
      for (_, suffix) in suffixes { names.insert(encoder + suffix) }
    }
    return names
  }()
}
