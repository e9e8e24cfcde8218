/// Transfers without the prior: the arms of a listening test that tell what the prior does.
///
/// The published listening test had none of them, so that nobody knows whether listeners hear it.
enum AlphaZero {
  /// What a test with some methods cannot tell, and what to add; nil where every transfer has its arm.
  static func warning(of methods: [String], evaluated: [String]) -> String? {
    let transfers = methods.compactMap(arm)
    let present = Set(transfers.filter(\.isPresent).map(\.name))
    var lacking: [String] = []
    for arm in transfers where !present.contains(arm.name) && !lacking.contains(arm.name) {
      lacking.append(arm.name)
    }
    // Without any transfer there is no encoder to name.
    if transfers.isEmpty { lacking = ["transfer:mfcc:0"] }
    guard !lacking.isEmpty else { return nil }
    let known = Set(evaluated.compactMap(arm).filter(\.isPresent).map(\.name))
    let remedy = lacking.allSatisfy(known.contains) ? "add it" : "evaluate it too and add it"
    return
      "The test has no \(lacking.joined(separator: ", ")), the arm with alpha 0, so it cannot tell what the prior "
      + "does: \(remedy) to the methods."
  }

  /// The same transfer with alpha 0, and whether a method is that; nil for one that is no transfer.
  private static func arm(of method: String) -> (name: String, isPresent: Bool)? {
    guard case .transfer(let encoder, let alpha, _)? = EvaluationMethod(method) else { return nil }
    let start = "transfer:\(encoder):"
    let search = method.dropFirst(start.count).drop { $0 != ":" }
    return (start + "0" + (search == ":\(TransferMethod.lbfgs.name)" ? "" : search), alpha == 0)
  }
}
