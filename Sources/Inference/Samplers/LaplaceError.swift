/// A Hessian that cannot be had.
public struct LaplaceError: Error, Sendable, Hashable, CustomStringConvertible {
  let column: Int

  public var description: String {
    "The gradient near the mode is not finite along coordinate \(column), so there is no Laplace approximation: use "
      + "--sampler ess."
  }
}
