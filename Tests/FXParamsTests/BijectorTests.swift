import FXParams
import Foundation
import TestSupport
import Testing

@Suite struct BijectorTests {
  static let sigmoids: [Bijector] = [
    .sigmoid(lower: 0, upper: 1), .sigmoid(lower: 33, upper: 5400), .sigmoid(lower: 0.2, upper: 20),
    .sigmoid(lower: 0, upper: 0.9826), .sigmoid(lower: -60, upper: -1), .sigmoid(lower: -1e-9, upper: 1e9),
  ]

  @Test(arguments: sigmoids + [.identity])
  func lawsHold(of bijector: Bijector) {
    checkBijector(bijector, at: [0, 1e-9, -1e-9, 0.3, -0.3, 1, -1, 4, -4, 12, -12, 19, -19])
  }

  @Test(arguments: sigmoids)
  func stableFarOut(bijector: Bijector) {
    checkBijector(bijector, at: [37, -37, 100, -100, 700, -700, 745, -745, 800, -800, 1e6, -1e6, 1e300, -1e300])
    #expect(bijector.forward(.nan).isNaN)
    // The slope underflows, its logarithm does not.
    let far = bijector.forwardAndLogDerivative(-800)
    let width = bijector.bounds.upperBound - bijector.bounds.lowerBound
    #expect(far.derivative == 0)
    #expect(abs(far.logDerivative - (log(width) - 800)) < 1e-12)
  }

  @Test func valuesNextToTheBoundsHaveLogits() throws {
    for bijector in Self.sigmoids {
      let bounds = bijector.bounds
      let lowest = try #require(bijector.inverse(bounds.lowerBound.nextUp))
      let highest = try #require(bijector.inverse(bounds.upperBound.nextDown))
      #expect(lowest.isFinite && lowest < -20 && highest.isFinite && highest > 20)
      #expect(bijector.inverse(bounds.lowerBound) == nil)
      #expect(bijector.inverse(bounds.upperBound) == nil)
      #expect(bijector.inverse(bounds.lowerBound.nextDown) == nil)
      #expect(bijector.inverse(bounds.upperBound.nextUp) == nil)
      #expect(bijector.inverse(.nan) == nil && bijector.inverse(.infinity) == nil)
    }
    #expect(Bijector.identity.inverse(.nan) == nil)
  }

  /// From a lower bound of 0 the whole range of Doubles is usable: log(value) - log(upper - value).
  @Test func inverseIsExactNextToZero() throws {
    for exponent in [-300.0, -100, -20, -5] {
      let value = pow(10, exponent)
      let logit = try #require(Bijector.sigmoid(lower: 0, upper: 2).inverse(value))
      let expected = exponent * log(10.0) - log(2)
      #expect(abs(logit - expected) <= 1e-14 * abs(expected) + value)
      #expect(abs(Bijector.sigmoid(lower: 0, upper: 2).forward(logit) / value - 1) < 1e-12)
    }
  }

  @Test func logitsOfKnownValues() throws {
    #expect(Bijector.sigmoid(lower: 33, upper: 5400).forward(0) == 2716.5)
    #expect(Bijector.sigmoid(lower: 0, upper: 1).forward(log(3)).isAlmost(0.75))
    #expect(try #require(Bijector.sigmoid(lower: 1, upper: 5).inverse(2)).isAlmost(-log(3)))
  }

  // MARK: - The folded map

  @Test func foldedHasARightInverseOnly() throws {
    let folded = Bijector.folded(period: 15)
    #expect(!folded.isBijective && Bijector.identity.isBijective)
    for value in [0, 1e-300, 0.3, 7.5, 15.0.nextDown] {
      #expect(try folded.forward(#require(folded.inverse(value))) == value)
    }
    for logit in [-3, -14.9, 16.5, -31, 1e6 + 0.25] {
      let value = folded.forward(logit)
      #expect(folded.bounds.contains(value) && value < 15)
      #expect(folded.inverse(value) != logit)
    }
    #expect(folded.forward(-4) == 4 && folded.forward(19) == 4 && folded.forward(-19) == 4)
    #expect(folded.inverse(15) == nil && folded.inverse(-1e-9) == nil && folded.inverse(.nan) == nil)
  }

  @Test func foldedPreservesVolumeWithinItsBranches() {
    let folded = Bijector.folded(period: 15)
    for x in [0.5, -0.5, 7, -7, 14.9, 15.1, -15.1, 44, -44] {
      let (_, derivative, logDerivative) = folded.forwardAndLogDerivative(x)
      let numeric = centralDifference(of: { folded.forward($0[0]) }, at: [x], coordinate: 0)
      #expect(abs(numeric - derivative) < 1e-9)
      #expect(abs(derivative) == 1 && logDerivative == 0)
    }
  }

  @Test func foldedBendsAtZeroAndJumpsAtItsPeriod() {
    let folded = Bijector.folded(period: 15)
    #expect(folded.forwardAndLogDerivative(0) == (0, 0, 0))
    #expect(folded.forward(15) == 0 && folded.forward(15.0.nextDown) > 14.99)
    #expect(folded.forwardAndLogDerivative(15).derivative == 1)
    #expect(folded.forwardAndLogDerivative(-15).derivative == -1)
  }
}

extension Double {
  /// Equal to a few rounding errors.
  func isAlmost(_ other: Double, tolerance: Double = 1e-14) -> Bool { abs(self - other) <= tolerance * abs(other) }
}
