import Dispatch

/// Runs the two channels of an analysis side by side where there are threads for it, else in turn.
struct ChannelLanes: Sendable {
  private let isParallel: Bool

  init(threads: Int) { isParallel = threads > 1 }

  /// Calls `body` with channel 0 and channel 1, which touch nothing in common.
  func run(_ body: (Int) -> Void) {
    guard isParallel else {
      body(0)
      body(1)
      return
    }
    withoutActuallyEscaping(body) { body in
      let lane = UncheckedLane(body: body)
      DispatchQueue.concurrentPerform(iterations: 2) { lane.body($0) }
    }
  }

  /// The caller vouches for what its body touches.
  private struct UncheckedLane: @unchecked Sendable {
    let body: (Int) -> Void
  }
}
