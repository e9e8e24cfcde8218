import Foundation
import HDF5Store
import Inference
import TestSupport
import Testing

@Suite struct AdamTests {
  /// Worked by hand: gradients 4, then -2, learning rate 0.1, betas 0.5 and 0.75, epsilon 1e-8.
  @Test func followsAHandComputedTrajectory() {
    let adam = Adam(learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 1e-8)
    var state = adam.makeState(dimension: 1)
    var theta = [1.0]
    adam.advance(&theta, loss: 0, gradient: [4], state: &state)
    // m = 2, v = 4; corrected 4 and 16: the first step is the learning rate, against the gradient.
    #expect(state.stepCount == 1 && state.firstMoment == [2] && state.secondMoment == [4])
    #expect(abs(theta[0] - (1 - 0.1 * 4 / (4 + 1e-8))) < 1e-15)
    let first = theta[0]
    adam.advance(&theta, loss: 0, gradient: [-2], state: &state)
    // m = 0, v = 3 + 1 = 4: no mean, no step.
    #expect(state.stepCount == 2 && state.firstMoment == [0] && state.secondMoment == [4])
    #expect(theta[0] == first)
    adam.advance(&theta, loss: 0, gradient: [1], state: &state)
    // m = 0.5, v = 3.25; corrected 0.5 / 0.875 and 3.25 / (1 - 0.421875).
    let expected = first - 0.1 * (0.5 / 0.875) / ((3.25 / 0.578125).squareRoot() + 1e-8)
    #expect(abs(theta[0] - expected) < 1e-15)
  }

  /// Sixteen steps on f = (1 - x)^2 + 100 (y - x^2)^2 + cosh z from (-1.2, 1, 0.5), from NumPy:
  ///
  ///     x = np.array([-1.2, 1.0, 0.5]); m = np.zeros(3); v = np.zeros(3)
  ///     for t in range(1, 17):
  ///       g = np.array([-2*(1-x[0]) - 400*x[0]*(x[1]-x[0]**2), 200*(x[1]-x[0]**2), np.sinh(x[2])])
  ///       m += (1-0.9)*(g-m); v = 0.999*v + (1-0.999)*g*g
  ///       x = x - 0.01/(1-0.9**t)*m/(np.sqrt(v)/np.sqrt(1-0.999**t)+1e-8)
  ///       print(t, x, m, v)
  @Test func meetsNumPyOverSixteenSteps() {
    let expected: [Int: [Double]] = [
      1: [-1.1900000000004638, 1.0099999999988636, 0.4900000001919035],
      2: [-1.1800319627914446, 1.0199711121251558, 0.4800062844331373],
      8: [-1.1224638452090965, 1.0777083775134324, 0.4204241511089181],
      16: [-1.0619537663581309, 1.1384724615318287, 0.34330046533818265],
    ]
    let adam = Adam()
    var state = adam.makeState(dimension: 3)
    var x = [-1.2, 1, 0.5]
    for step in 1...16 {
      let across = x[1] - x[0] * x[0]
      let gradient = [-2 * (1 - x[0]) - 400 * x[0] * across, 200 * across, sinh(x[2])]
      adam.advance(&x, loss: 0, gradient: gradient, state: &state)
      if let expected = expected[step] { #expect(close(x, expected, 1e-12), "step \(step): \(x)") }
    }
    #expect(state.stepCount == 16)
    #expect(close(state.firstMoment, [-57.66791001097762, -23.739311079731415, 0.33911933637443314], 1e-10))
    #expect(close(state.secondMoment, [224.61789967803279, 38.609489939622506, 0.0030985426893605514], 1e-10))
  }

  /// The first step of the published optimiser, from the reference gradients at the prior mean.
  @Test(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
  func takesThePublishedFirstStep() throws {
    let file = try Reference.open("objective")
    let likelihood = try file.doubles("/mfcc/mean/gradient_log_likelihood").values
    let prior = try file.doubles("/mfcc/mean/gradient_log_prior").values
    let path = try file.doubles("/mfcc/adam/theta").values
    var theta = Array(path[..<130])
    let adam = Adam()
    var state = adam.makeState(dimension: 130)
    adam.advance(&theta, loss: 0, gradient: zip(likelihood, prior).map { -($0 + 0.1 * $1) }, state: &state)
    #expect(close(theta, Array(path[130..<260]), 1e-9))
  }

  @Test func restoredStateGoesOnBitForBit() throws {
    let adam = Adam(learningRate: 0.3)
    var state = adam.makeState(dimension: 2)
    var theta = [0.25, -4]
    for step in 0..<5 { adam.advance(&theta, loss: 0, gradient: [sin(Double(step)), theta[1]], state: &state) }
    var restored = try #require(Adam.State(stepCount: state.stepCount, dimension: 2, arrays: state.arrays))
    #expect(restored == state)
    var twin = theta
    adam.advance(&theta, loss: 0, gradient: [1, 2], state: &state)
    adam.advance(&twin, loss: 0, gradient: [1, 2], state: &restored)
    #expect(theta == twin && state == restored)
  }

  @Test func settingsTellEveryDigit() {
    #expect(Adam().settings == "adam learning_rate=0.01 beta1=0.9 beta2=0.999 epsilon=1e-08")
    #expect(Adam(learningRate: 0.01).settings != Adam(learningRate: 0.01.nextUp).settings)
  }

  private func close(_ values: [Double], _ expected: [Double], _ tolerance: Double) -> Bool {
    values.count == expected.count && zip(values, expected).allSatisfy { abs($0 - $1) <= tolerance * (1 + abs($1)) }
  }
}
