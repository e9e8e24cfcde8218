import FileOutput
import HDF5Store
import NumericCore

/// A Laplace approximation in the folder of a run, so that one taken up again does not look for the mode once more.
///
/// `/mode` [D], `/free` [F] with the positions of the parameters that are not pinned, `/covariance` [F, F],
/// `/curvatures` [F], `/losses` [steps] of the optimisation; the attribute `problem`.
public enum LaplaceFile {
  /// Writes the approximation with the losses on the way to its mode, completely or not at all.
  public static func write(
    _ approximation: LaplaceApproximation, losses: [Double], problem: String, to path: String
  ) throws {
    let free = try approximation.coordinates.freePositions.map(Double.init)
    try HDF5Writer.create(path, overwrite: true) { file in
      try file.set(problem, attribute: "problem", of: "/")
      try file.write(approximation.mode, shape: [approximation.mode.count], to: "/mode")
      try file.write(free, shape: [free.count], to: "/free")
      try file.write(
        approximation.distribution.covariance.values, shape: [free.count, free.count], to: "/covariance")
      try file.write(approximation.curvatures, shape: [free.count], to: "/curvatures")
      try file.write(losses, shape: [losses.count], to: "/losses")
    }
  }

  /// - Throws: ``DrawLogError/otherRun(_:)`` if the file belongs to another problem.
  public static func read(
    _ path: String, problem: String
  ) throws -> (approximation: LaplaceApproximation, losses: [Double]) {
    let file = try HDF5Reader(path: path)
    let covariance = try file.doubles("/covariance")
    guard try file.text(attribute: "problem", of: "/") == problem, covariance.shape.count == 2 else {
      throw DrawLogError.otherRun(path)
    }
    let matrix = Matrix(rows: covariance.shape[0], columns: covariance.shape[1], values: covariance.values)
    let mode = try file.doubles("/mode").values
    let free = Set(try file.doubles("/free").values.compactMap(Int.init(exactly:)))
    let approximation = try LaplaceApproximation(
      mode: mode, covariance: matrix, pinnedPositions: mode.indices.filter { !free.contains($0) },
      curvatures: try file.doubles("/curvatures").values)
    return (approximation, try file.doubles("/losses").values)
  }
}
