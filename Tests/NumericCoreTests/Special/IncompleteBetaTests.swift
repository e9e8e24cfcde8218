import Foundation
import NumericCore
import Testing

@Suite struct IncompleteBetaTests {
  @Test(
    arguments: [(1.0, 1.0), (2.0, 1.0), (21.0, 381.0), (2000.5, 2000.5), (0.4, 3.0)], [0.001, 0.1586553, 0.5, 0.99])
  func quantileInvertsTheTail(shapes: (Double, Double), probability: Double) {
    let (a, b) = shapes
    let x = IncompleteBeta.quantile(probability, a: a, b: b)
    let logBeta = lgamma(a) + lgamma(b) - lgamma(a + b)
    let tail = IncompleteBeta.regularised(x, complement: 1 - x, a: a, b: b, logBeta: logBeta)
    #expect(abs(tail - probability) < 1e-9)
  }

  /// Beta(2, 1) has the tail x^2.
  @Test func quantileOfAKnownCase() {
    #expect(abs(IncompleteBeta.quantile(0.49, a: 2, b: 1) - 0.7) < 1e-14)
  }
}
