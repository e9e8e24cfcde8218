import NumericCore
import Synchronization
import Testing

struct ThreadTeamTests {
  @Test(arguments: 1...4) func everyTaskRunsOnce(threads: Int) {
    let team = ThreadTeam(threads: threads)
    for tasks in [0, 1, 2, 3, 100] {
      let counts = Mutex([Int](repeating: 0, count: tasks))
      team.run(tasks) { task in counts.withLock { $0[task] += 1 } }
      #expect(counts.withLock { $0 } == [Int](repeating: 1, count: tasks))
    }
  }

  @Test func manyRoundsFollowOneAnother() {
    let team = ThreadTeam(threads: 2)
    let sum = Atomic(0)
    for _ in 0..<2000 { team.run(3) { sum.add($0, ordering: .relaxed) } }
    let total = sum.load(ordering: .relaxed)
    #expect(total == 6000)
  }

  @Test func laterTasksMayWaitForEarlierOnes() {
    let team = ThreadTeam(threads: 3)
    let first = Atomic(false)
    team.run(5) { task in
      if task == 0 { first.store(true, ordering: .releasing) }
      while !first.load(ordering: .acquiring) {}
    }
    let isDone = first.load(ordering: .acquiring)
    #expect(isDone)
  }

  /// A team at work does not wait for itself.
  @Test func workInsideWorkIsDoneInTurn() {
    let team = ThreadTeam(threads: 2)
    let count = Atomic(0)
    team.run(4) { _ in team.run(5) { _ in count.add(1, ordering: .relaxed) } }
    let total = count.load(ordering: .relaxed)
    #expect(total == 20)
  }
}
