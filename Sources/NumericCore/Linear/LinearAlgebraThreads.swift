import COpenBLAS

/// How many threads one call of the linear algebra library may use.
public enum LinearAlgebraThreads {
  /// Runs `body` with the library limited to `count` threads a call: work that is parallel itself asks for 1, so that
  /// threads do not multiply. The limit holds for the process, so blocks of different limits must not overlap.
  public static func limited<Result>(to count: Int, _ body: () throws -> Result) rethrows -> Result {
    let previous = openblas_get_num_threads()
    openblas_set_num_threads(Int32(count))
    defer { openblas_set_num_threads(previous) }
    return try body()
  }
}
