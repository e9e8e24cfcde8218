/// A method that looks for the least value of a function, the loss, by asking for it at one point after another.
///
/// The method proposes a point, is told the loss there (and its gradient, if it follows one) and proposes the next:
/// every call of ``advance(_:loss:gradient:state:)`` stands for one evaluation. The method holds settings alone;
/// what it remembers between calls is a ``State`` that the caller keeps, so that a run can be stopped, saved and
/// taken up again.
public protocol Optimiser: Sendable {
  /// What the method remembers between evaluations.
  associatedtype State: OptimiserState

  /// The method and its settings in one line, exact to the last digit: runs with equal lines follow equal paths.
  var settings: String { get }

  /// Whether it follows the gradient. If not, it is told values alone, and the gradients that it is handed are
  /// empty.
  var usesGradient: Bool { get }

  /// Whether it goes on where a loss is infinite or a gradient useless, having been told a loss of infinity; other
  /// methods end there.
  var survivesFailures: Bool { get }

  /// The state before the first evaluation, which is at the start point.
  func makeState(dimension: Int) -> State

  /// Takes the loss and its gradient at `theta`, and replaces `theta` by the point to evaluate next.
  ///
  /// - Precondition: `theta` is the start point or what the last call proposed; `theta` and `state` have the same
  ///   dimension, as has `gradient` where it is used.
  func advance(_ theta: inout [Double], loss: Double, gradient: [Double], state: inout State)
}

extension Optimiser {
  public var usesGradient: Bool { true }
  public var survivesFailures: Bool { false }
}

/// What an optimiser remembers between evaluations, open to inspection and storage.
public protocol OptimiserState: Sendable, Hashable {
  /// Evaluations that it has received.
  var stepCount: Int { get }

  /// Whether the method knows of no point that may be better: the run ends.
  var isExhausted: Bool { get }

  /// All that it remembers beside ``stepCount``, under names that are fit for a file.
  var arrays: [String: [Double]] { get }

  /// Restores a state of a problem; nil if the arrays are not those of such a state.
  init?(stepCount: Int, dimension: Int, arrays: [String: [Double]])
}

extension OptimiserState {
  public var isExhausted: Bool { false }
}
