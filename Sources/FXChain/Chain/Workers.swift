import Dispatch

/// How many threads a renderer may use, and the loop that uses them.
struct Workers: Sendable {
  let count: Int

  /// Runs `body(0 ..< tasks)`, in parallel if there is more than one worker and one task.
  @inline(__always)
  func forEach(_ tasks: Int, _ body: @Sendable (Int) -> Void) {
    if count <= 1 || tasks <= 1 {
      for task in 0..<tasks { body(task) }
    } else if tasks <= count {
      DispatchQueue.concurrentPerform(iterations: tasks, execute: body)
    } else {
      // concurrentPerform takes all cores: hand it no more lanes than workers, and tasks in turn within each.
      let count = count
      DispatchQueue.concurrentPerform(iterations: count) { lane in
        for task in stride(from: lane, to: tasks, by: count) { body(task) }
      }
    }
  }
}
