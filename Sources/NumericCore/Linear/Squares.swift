extension Double {
  /// The largest magnitude of numbers whose squares are added up: sums of squares of larger ones are no numbers.
  public static let largestSquared = 1e150
}
