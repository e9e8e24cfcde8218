public import FXParams
import Foundation
public import Testing

/// The laws of a scalar bijector at the given logits: values stay inside, forward and inverse undo each other, the
/// derivative meets central differences, its logarithm the log-derivative, and the map rises.
public func checkBijector(
  _ bijector: Bijector, at logits: [Double], sourceLocation: SourceLocation = #_sourceLocation
) {
  func expect(_ condition: Bool, _ law: String) {
    #expect(condition, "\(bijector): \(law)", sourceLocation: sourceLocation)
  }
  for x in logits {
    let (value, derivative, logDerivative) = bijector.forwardAndLogDerivative(x)
    expect(isInside(value, bijector), "value \(value) at \(x) is not inside the bounds")
    expect(logDerivative.isFinite, "log-derivative at \(x) is \(logDerivative)")

    // A rounding error of the value moves the logit by that error over the slope.
    let rounding = value.ulp + (bijector.bounds.lowerBound.isFinite ? bijector.bounds.upperBound.ulp : 0)
    let tolerance = 2 * rounding / derivative + 4e-15 * (1 + abs(x))
    if let back = bijector.inverse(value) {
      expect(abs(back - x) <= tolerance || tolerance > 1, "logit \(x) comes back as \(back)")
    } else {
      expect(false, "value \(value) at \(x) has no logit")
    }

    if derivative > 1e-300 {
      expect(abs(log(derivative) - logDerivative) <= 1e-13 * (1 + abs(logDerivative)), "log-derivative at \(x)")
    }
    if abs(x) < 20 {
      let numeric = centralDifference(of: { bijector.forward($0[0]) }, at: [x], coordinate: 0, step: 1e-3)
      let noise = 1e4 * max(value.ulp, rounding)
      expect(
        abs(numeric - derivative) <= 1e-10 * derivative + noise, "derivative at \(x): \(derivative), \(numeric)")
      expect(bijector.forward(x + 1e-3) > value, "the value does not rise at \(x)")
    }
  }
  let values = logits.sorted().map(bijector.forward)
  expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }, "the values are not in the order of the logits")
}

private func isInside(_ value: Double, _ bijector: Bijector) -> Bool {
  value.isFinite && bijector.bounds.lowerBound < value && value < bijector.bounds.upperBound
}
