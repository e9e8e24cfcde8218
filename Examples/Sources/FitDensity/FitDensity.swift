import Inference

/// Fits a density of one's own: what optimisers ask for is a value and a gradient.
///
///     swift run -c release --package-path Examples FitDensity
@main
enum FitDensity {
  static func main() throws {
    let density = Valley()
    let map = MaximumAPosteriori(optimiser: Adam(learningRate: 0.05), steps: 2000, stopRule: StopRule())
    var state = try map.makeState(from: [-1, 2])
    let outcome = try map.run(density, state: &state) { report, _ in
      if report.step.isMultiple(of: 200) { print("step \(report.step)  loss \(report.loss)") }
    }
    guard let result = outcome.result else { return }
    print("last after \(result.last.step) steps: \(result.last.theta), loss \(result.last.loss)")
    print("best after \(result.best.step) steps: \(result.best.theta), loss \(result.best.loss)")
  }
}

/// log p = -(1 - x)^2 / 2 - 5 (y - x^2)^2, with its mode at (1, 1).
final class Valley: LogDensity {
  let dimension = 2

  func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
    let along = 1 - theta[0]
    let across = theta[1] - theta[0] * theta[0]
    gradient[0] = along + 20 * theta[0] * across
    gradient[1] = -10 * across
    return DensityEvaluation(value: -along * along / 2 - 5 * across * across)
  }
}
