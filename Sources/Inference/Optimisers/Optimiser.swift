/// A first-order method that walks downhill: each step takes the gradient of the function to be minimised.
///
/// The method holds settings alone; what it remembers between steps is a ``State`` that the caller keeps, so that a
/// run can be stopped, saved and taken up again.
public protocol Optimiser: Sendable {
  associatedtype State: OptimiserState

  /// The method and its settings in one line, exact to the last digit: runs with equal lines follow equal paths.
  var settings: String { get }

  /// The state before the first step.
  func makeState(dimension: Int) -> State

  /// Moves `theta` one step towards smaller values of the function whose gradient there is `gradient`.
  ///
  /// Does not allocate.
  /// - Precondition: `theta`, `gradient` and `state` have the same dimension.
  func minimise(_ theta: inout [Double], gradient: [Double], state: inout State)
}

/// What an optimiser remembers between steps, open to inspection and storage.
public protocol OptimiserState: Sendable, Hashable {
  /// Names of ``vectors``, in their order; each fit for a file.
  static var vectorNames: [String] { get }

  /// Steps taken.
  var stepCount: Int { get }
  /// One vector per name, each of the problem's dimension.
  var vectors: [[Double]] { get }

  /// Restores a state.
  /// - Precondition: there is one vector per name, all of one length, and the count is not negative.
  init(stepCount: Int, vectors: [[Double]])
}
