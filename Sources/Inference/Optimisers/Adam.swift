import Foundation

/// Adam: steps along the gradient's running mean, scaled by its running RMS.
///
/// With g the gradient at step t (from 1), coordinate by coordinate,
///
///     m += (1 - beta1) (g - m),    v = beta2 v + (1 - beta2) g^2,
///     theta -= (learningRate / (1 - beta1^t)) · m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon).
///
/// The order of operations is that of PyTorch, where epsilon is added after the bias correction.
///
/// Source: Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015, arXiv 1412.6980.
public struct Adam: Optimiser, Hashable {
  /// The step size, before the schedule.
  public let learningRate: Double
  /// The decay rate of the first moment.
  public let beta1: Double
  /// The decay rate of the second moment.
  public let beta2: Double
  /// What is added to the root of the second moment.
  public let epsilon: Double
  /// What multiplies the rate at each step.
  public let schedule: LearningRateSchedule

  /// The defaults are those of the published experiments.
  /// - Precondition: the rate and epsilon are positive and finite, the betas in 0..<1.
  public init(
    learningRate: Double = 0.01, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    schedule: LearningRateSchedule = .constant
  ) {
    precondition(learningRate > 0 && learningRate.isFinite, "Learning rate \(learningRate) is not positive")
    precondition(epsilon > 0 && epsilon.isFinite, "Epsilon \(epsilon) is not positive")
    precondition(
      (0..<1).contains(beta1) && (0..<1).contains(beta2), "Betas \(beta1) and \(beta2) must lie in 0..<1")
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.schedule = schedule
  }

  public var settings: String {
    "adam learning_rate=\(learningRate) beta1=\(beta1) beta2=\(beta2) epsilon=\(epsilon)" + schedule.settings
  }

  public func makeState(dimension: Int) -> State {
    let zeros = [Double](repeating: 0, count: dimension)
    return State(stepCount: 0, firstMoment: zeros, secondMoment: zeros)
  }

  /// One step against the gradient; the value of the loss is not used. Does not allocate.
  public func advance(_ theta: inout [Double], loss: Double, gradient: [Double], state: inout State) {
    precondition(
      theta.count == gradient.count && theta.count == state.firstMoment.count,
      "\(theta.count) coordinates meet a gradient of \(gradient.count) and a state of \(state.firstMoment.count)")
    state.stepCount += 1
    let rate = learningRate * schedule.factor(atStep: state.stepCount)
    let stepSize = rate / (1 - pow(beta1, Double(state.stepCount)))
    let secondCorrection = (1 - pow(beta2, Double(state.stepCount))).squareRoot()
    for index in theta.indices {
      let slope = gradient[index]
      let first = state.firstMoment[index] + (1 - beta1) * (slope - state.firstMoment[index])
      let second = beta2 * state.secondMoment[index] + (1 - beta2) * slope * slope
      state.firstMoment[index] = first
      state.secondMoment[index] = second
      theta[index] -= stepSize * first / (second.squareRoot() / secondCorrection + epsilon)
    }
  }

  // MARK: - State

  /// The running moments of the gradient, not corrected for their start at zero.
  public struct State: OptimiserState {
    public fileprivate(set) var stepCount: Int
    /// m: the running mean of the gradient.
    public fileprivate(set) var firstMoment: [Double]
    /// v: the running mean of the squared gradient.
    public fileprivate(set) var secondMoment: [Double]

    public var arrays: [String: [Double]] { ["first_moment": firstMoment, "second_moment": secondMoment] }

    fileprivate init(stepCount: Int, firstMoment: [Double], secondMoment: [Double]) {
      self.stepCount = stepCount
      (self.firstMoment, self.secondMoment) = (firstMoment, secondMoment)
    }

    public init?(stepCount: Int, dimension: Int, arrays: [String: [Double]]) {
      guard let first = arrays["first_moment"], let second = arrays["second_moment"], stepCount >= 0,
        first.count == dimension, second.count == dimension
      else { return nil }
      self.init(stepCount: stepCount, firstMoment: first, secondMoment: second)
    }
  }
}
