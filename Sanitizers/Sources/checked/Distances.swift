import Evaluation
import NumericCore

/// Distances of recordings whose length leaves a remainder in every vector width, at both ends of every frame.
func checkDistances() throws {
  for count in [1025, 2053, 5000] {
    var source = RandomSource(seed: UInt64(count))
    let signals = (0..<2).map { _ in
      Matrix(rows: 2, columns: count, values: (0..<2 * count).map { _ in 0.1 * source.nextNormal() })
    }
    let values = try StereoDistances().values(prediction: signals[0], target: signals[1])
    Checked.require(values.spectralLeftRight > 0.1 && values.dynamicRangeMidSide.isFinite, "a distance")
  }
}
