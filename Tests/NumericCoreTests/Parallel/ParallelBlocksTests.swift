import NumericCore
import Synchronization
import Testing

@Suite struct ParallelBlocksTests {
  private struct Stop: Error, Equatable { let block: Int }

  @Test(arguments: [1, 2, 5]) func orderedStepsAreInOrder(threads: Int) throws {
    let fetched = Mutex<[Int]>([])
    let delivered = Mutex<[Int]>([])
    try ParallelBlocks.runInOrder(count: 100, threads: threads) {
      0
    } fetch: { block, value in
      fetched.withLock { $0.append(block) }
      value = block
    } process: { _, value in
      value *= 2
    } deliver: { _, value in
      let value = value
      delivered.withLock { $0.append(value) }
    }
    #expect(fetched.withLock { $0 } == Array(0..<100))
    #expect(delivered.withLock { $0 } == (0..<100).map { 2 * $0 })
  }

  @Test(arguments: [1, 2, 5]) func theFirstErrorEndsTheWork(threads: Int) {
    let delivered = Mutex(0)
    #expect(throws: Stop(block: 10)) {
      try ParallelBlocks.runInOrder(count: 1000, threads: threads) {
      } process: { block, _ in
        if block == 10 { throw Stop(block: block) }
      } deliver: { _, _ in
        delivered.withLock { $0 += 1 }
      }
    }
    #expect(delivered.withLock { $0 } <= 10)
  }

  @Test(arguments: [1, 4]) func everyBlockIsWorkedOnOnce(threads: Int) {
    let done = Mutex([Int](repeating: 0, count: 50))
    ParallelBlocks.run(count: 50, threads: threads) {
    } process: { block, _ in
      done.withLock { $0[block] += 1 }
    }
    #expect(done.withLock { $0 } == Array(repeating: 1, count: 50))
  }
}
