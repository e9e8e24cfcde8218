/// A Hessian that cannot be had.
public struct LaplaceError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The white coordinate along which it was looked for; nil for the direction of a oscillatory parameter.
  let column: Int?

  public var description: String {
    let place = column.map { "coordinate \($0)" } ?? "a delay time"
    return "The density near the mode is not finite along \(place), so there is no Laplace approximation: "
      + "use elliptical slices."
  }
}
