import FXChain
import Testing

@Suite struct PullbackTaskTests {
  /// Every part of the work is one task, and each comes after those that it waits for, so that no thread waits for
  /// one that has not begun.
  @Test(arguments: [(1, 0, 1), (5, 1, 1), (3, 2, 4)])
  func everyPartIsOneTask(blocks: Int, delays: Int, segments: Int) {
    let count = PullbackTask.count(blocks: blocks, delays: delays, segments: segments)
    let tasks = (0..<count).map { PullbackTask($0, blocks: blocks, delays: delays) }
    let parts =
      (0..<2).map(PullbackTask.channel) + (0..<blocks).map(PullbackTask.block)
      + (0..<delays).map(PullbackTask.delay)
    #expect(Set(tasks) == Set(parts + (0..<segments).map(PullbackTask.segment)))
    #expect(Set(tasks).count == count)
    #expect(tasks.filter(parts.contains) == parts)
    #expect(tasks[0] == .segment(0))
  }
}
