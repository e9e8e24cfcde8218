/// A differentiable log density: all that optimisers and samplers know of a problem.
///
/// Evaluations may reuse internal workspaces, so one instance serves one caller at a time.
public protocol LogDensity: AnyObject {
  /// Number of unconstrained coordinates.
  var dimension: Int { get }

  /// The log density at `theta` (up to a constant) and its gradient, which is overwritten.
  func evaluate(at theta: [Double], gradient: inout [Double]) throws -> Double
}
