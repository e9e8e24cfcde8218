import NumericCore
import Synchronization

/// Several optimisations of one density from several starts, in parallel; the best result is the answer.
///
/// The result does not depend on the number of threads.
public struct Restarts<Method: Optimiser>: Sendable {
  /// What runs a single optimisation.
  public let driver: MaximumAPosteriori<Method>
  /// Most runs at a time.
  public let threads: Int

  /// - Precondition: there is a thread.
  public init(driver: MaximumAPosteriori<Method>, threads: Int) {
    precondition(threads > 0, "Restarts on \(threads) threads")
    self.driver = driver
    self.threads = threads
  }

  /// Where one run stands.
  public typealias State = MAPState<Method.State>

  /// One run: where it stands, and how it ended.
  public struct Run: Sendable {
    /// Where the run stands.
    public let state: State
    /// How it ended.
    public let outcome: MAPOutcome
  }

  /// Goes on with every state until its run ends.
  ///
  /// - Parameters:
  ///   - states: one for each run.
  ///   - progress: called after every step with the number of the start, from several threads.
  ///   - isCancelled: asked before every evaluation; every run then ends as interrupted.
  ///   - makeDensity: a density for one run.
  /// - Returns: the runs in the order of the states.
  /// - Throws: the first error of any run.
  public func run(
    from states: [State], progress: @Sendable (Int, MAPProgress, State) throws -> Void = { _, _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }, makeDensity: @Sendable () throws -> any LogDensity
  ) throws -> [Run] {
    let finished = Mutex<[Int: Run]>([:])
    try ParallelBlocks.runInOrder(
      count: states.count, threads: threads, makeWorkspace: {},
      process: { index, _ in
        var state = states[index]
        let outcome = try driver.run(
          try makeDensity(), state: &state, progress: { try progress(index, $0, $1) }, isCancelled: isCancelled)
        let run = Run(state: state, outcome: outcome)
        finished.withLock { $0[index] = run }
      })
    return finished.withLock { found in states.indices.compactMap { found[$0] } }
  }

  /// The run whose best point has the least loss; nil if one was interrupted.
  public static func best(of runs: [Run]) -> Int? {
    var best: (index: Int, loss: Double)?
    for (index, run) in runs.enumerated() {
      guard let result = run.outcome.result else { return nil }
      if best.map({ result.best.loss < $0.loss }) ?? true { best = (index, result.best.loss) }
    }
    return best?.index
  }
}
