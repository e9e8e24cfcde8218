import NumericCore

/// How a command plans its Fourier transforms: with what earlier runs learnt, and by measurement where that pays.
enum TransformPlans {
  /// Renderings of a segment from which on the seconds of measuring are won back.
  private static let worthMeasuring = 200

  static func prepare(evaluations: Int) {
    FFTWisdom.load()
    // What is measured must be kept, or the next run would plan, and round, in another way.
    if evaluations >= worthMeasuring, FFTWisdom.canBeKept { FFTWisdom.defaultPlanning = .measure }
  }

  /// Keeps what was learnt, and goes back to planning by rule.
  static func keep() {
    if FFTWisdom.defaultPlanning == .measure { FFTWisdom.save() }
    FFTWisdom.defaultPlanning = .estimate
  }
}
