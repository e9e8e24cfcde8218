extension Double {
  /// The shortest decimal text that reads back as the same Double, whole numbers without a fraction.
  var plainText: String {
    let text = description
    return text.hasSuffix(".0") && self != 0 ? String(text.dropLast(2)) : (self == 0 && sign == .plus ? "0" : text)
  }
}

extension ParameterBounds {
  /// `[lower, upper]`, as chain files have it.
  var plainText: String { "[\(lower.plainText), \(upper.plainText)]" }
}
