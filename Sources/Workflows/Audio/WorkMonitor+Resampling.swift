extension WorkMonitor {
  /// Says that a recording was brought to another rate, in Hz.
  func messageResampled(_ path: String, from rate: Double, to other: Double) {
    message(
      "\(path): resampled from \(NumberText.short(rate, digits: 6)) Hz to \(NumberText.short(other, digits: 6)) Hz."
    )
  }
}
