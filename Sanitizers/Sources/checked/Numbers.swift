import NumericCore
import Synchronization

/// Kernels over rows, decompositions and transforms, at sizes that leave remainders in every vector width.
func checkNumbers() throws {
  for dimension in [1, 3, 17] {
    for count in [1, 5, 64, 131] {
      var source = RandomSource(seed: UInt64(dimension * count))
      let values = (0..<count * dimension).map { _ in source.nextNormal() }
      var moments = MomentAccumulator(dimension: dimension)
      try moments.add(
        Matrix(rows: count, columns: dimension, values: values), weights: (0..<count).map { Double($0 % 3 + 1) })
      Checked.require(moments.isFinite && moments.count == count, "moments")
    }
    var covariance = Matrix(rows: dimension, columns: dimension)
    for index in 0..<dimension { covariance[index, index] = Double(index + 1) }
    let normal = try MultivariateNormal(mean: [Double](repeating: 1, count: dimension), covariance: covariance)
    var source = RandomSource(seed: 5)
    let draw = normal.sample(using: &source)
    var gradient = [Double](repeating: 0, count: dimension)
    Checked.require(normal.logDensity(at: draw, score: &gradient).isFinite, "a density")
  }
  for count in [2, 30, 1001, 4096] {
    let fft = RealFFT<Float>(count: count)
    let signal = SignalBuffer((0..<count).map { Float($0 % 7) })
    let spectrum = SignalBuffer<Float>(count: 2 * fft.binCount)
    fft.forward(signal.pointer, into: spectrum.pointer)
    fft.inverseDestroying(spectrum.pointer, into: signal.pointer)
    Checked.require(abs(signal[1] / Float(count) - 1) < 1e-3, "a transform")
  }
}

/// Rounds of short tasks, teams within teams, and blocks that are delivered in order.
func checkThreads() throws {
  let team = ThreadTeam(threads: 4)
  let sum = Atomic<Int>(0)
  for round in 0..<2000 {
    team.run(round % 9) { task in
      sum.add(task, ordering: .relaxed)
      // A team at work does its own tasks by itself.
      if task == 3 { team.run(2) { sum.add($0, ordering: .relaxed) } }
    }
  }
  Checked.require(sum.load(ordering: .relaxed) > 0, "no task ran")
  for _ in 0..<50 { ThreadTeam(threads: 3).run(5) { _ in } }
  let order = Mutex<[Int]>([])
  try ParallelBlocks.runInOrder(
    count: 200, threads: 4, makeWorkspace: { 0 }, fetch: { $1 = $0 }, process: { $1 += $0 },
    deliver: { block, _ in order.withLock { $0.append(block) } })
  Checked.require(order.withLock { $0 } == Array(0..<200), "blocks out of order")
}
