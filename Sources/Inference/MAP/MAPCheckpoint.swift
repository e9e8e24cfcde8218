import HDF5Store

/// Stores and loads the states of one optimisation problem, so that a run can be continued in another process.
///
/// The file holds the trace as in ``TraceFile``, what the optimiser remembers as `/optimiser_NAME`, and attributes
/// of the root that tell what the run is about. Only a run of the same problem, dimension and optimiser settings
/// may continue from it; the number of steps and the stop rule may differ, for instance for a longer run.
public struct MAPCheckpoint<Method: Optimiser>: Sendable {
  /// What the run is about, in one line: everything that the density depends on, as names, settings and digests of
  /// inputs. Two problems with different densities must have different lines.
  public let problem: String
  /// Coordinates of a point.
  public let dimension: Int
  /// The method, whose settings must agree.
  public let optimiser: Method

  public init(problem: String, dimension: Int, optimiser: Method) {
    self.problem = problem
    self.dimension = dimension
    self.optimiser = optimiser
  }

  /// Writes a new file. The writing is not atomic: give the path of a temporary file and rename it afterwards.
  ///
  /// - Parameters:
  ///   - state: where the run stands.
  ///   - path: the file.
  ///   - reportedPath: what errors call the file, where it is a temporary one.
  public func write(_ state: MAPState<Method.State>, to path: String, reportedPath: String? = nil) throws {
    precondition(state.theta.count == dimension, "The state does not belong to this problem")
    let file = try HDF5Writer(path: path, reportedPath: reportedPath)
    try TraceFile.write(state.trace, to: file)
    for (name, values) in state.optimiser.arrays.sorted(by: { $0.key < $1.key }) where !values.isEmpty {
      try file.write(values, shape: [values.count], to: "/optimiser_\(name)", compressed: false)
    }
    for (name, value) in configuration { try file.set(value, attribute: name, of: "/") }
    try file.close()
  }

  /// Loads a state that ``write(_:to:reportedPath:)`` stored.
  /// - Throws: ``MAPCheckpointError`` if the file belongs to another run or its parts do not fit each other.
  public func load(from path: String) throws -> MAPState<Method.State> {
    let file = try HDF5Reader(path: path)
    for (name, expected) in configuration {
      let found = try file.text(attribute: name, of: "/")
      guard found == expected else {
        throw MAPCheckpointError.otherRun(path: path, what: name, found: found, expected: expected)
      }
    }
    let recorded = try file.double(attribute: "steps", of: "/")
    guard let steps = Int(exactly: recorded), steps >= 0 else {
      throw MAPCheckpointError.damaged(path: path, what: "attribute steps is \(recorded)")
    }

    /// The values of a dataset of the expected shape.
    func values(_ name: String, shape: [Int], allowingInfinity: Bool = false) throws -> [Double] {
      let dataset = try file.doubles(name)
      guard dataset.shape == shape else {
        throw MAPCheckpointError.damaged(path: path, what: "\(name) has shape \(dataset.shape) instead of \(shape)")
      }
      guard !dataset.values.contains(where: { $0.isNaN || ($0.isInfinite && !allowingInfinity) }) else {
        throw MAPCheckpointError.damaged(path: path, what: "\(name) holds values that are not finite")
      }
      return dataset.values
    }
    // Points that a method tried in vain have an infinite loss.
    func history(_ name: String) throws -> [Double] {
      steps == 0 ? [] : try values(name, shape: [steps], allowingInfinity: true)
    }

    let trace = MAPTrace(
      dimension: dimension, points: try values("/theta", shape: [steps + 1, dimension]),
      loss: try history("/loss"), logLikelihood: try history("/log_likelihood"), logPrior: try history("/log_prior")
    )
    var arrays: [String: [Double]] = [:]
    for name in optimiser.makeState(dimension: dimension).arrays.keys {
      let path = "/optimiser_\(name)"
      let values = file.contains(path) ? try file.doubles(path).values : []
      guard !values.contains(where: \.isNaN) else {
        throw MAPCheckpointError.damaged(path: file.path, what: "\(path) holds NaN")
      }
      arrays[name] = values
    }
    guard let memory = Method.State(stepCount: steps, dimension: dimension, arrays: arrays) else {
      throw MAPCheckpointError.damaged(path: path, what: "the optimiser's arrays do not fit each other")
    }
    return MAPState(trace: trace, optimiser: memory)
  }

  /// The attributes that must agree. `format` changes when files of an older layout can no longer be read.
  private var configuration: [(name: String, value: String)] {
    [
      ("format", "priorkit map checkpoint 3"), ("problem", problem), ("dimension", String(dimension)),
      ("optimiser", optimiser.settings),
    ]
  }
}
