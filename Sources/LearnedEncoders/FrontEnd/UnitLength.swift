/// Vectors made as long as 1, v / max(|v|, 1e-12), and the way back.
enum UnitLength {
  /// What v is divided by.
  static func divisor(of vector: some Sequence<Double>) -> Double {
    max(1e-12, vector.reduce(0) { $0 + $1 * $1 }.squareRoot())
  }

  /// Writes the cotangent of `vector` that `cotangent`, of the unit vector, gives: what lies along the vector has
  /// no effect.
  static func pullback(
    _ cotangent: [Double], at vector: UnsafePointer<Double>, divisor: Double,
    into target: UnsafeMutablePointer<Double>
  ) {
    let along = cotangent.indices.reduce(0) { $0 + vector[$1] * cotangent[$1] } / (divisor * divisor)
    for index in cotangent.indices { target[index] = (cotangent[index] - along * vector[index]) / divisor }
  }
}
