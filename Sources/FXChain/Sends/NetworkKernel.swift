import CKernels
import FXParams
import NumericCore

/// The frequency response of a feedback delay network and its adjoint, at the bins of a real transform:
/// H(w) = c (D(w) - U Gamma(w))^-1 b (method section 2.5).
///
/// Owns the tables that depend on the description alone; the arithmetic is the C kernel of the sample type.
///
/// Unchecked sendable: nothing changes after ``init``.
struct NetworkTables<Scalar: SignalScalar>: @unchecked Sendable {
  let lines: Int
  let points: Int
  let binCount: Int
  let twiddles: SignalBuffer<Scalar>
  let fraction: SignalBuffer<Scalar>
  let exponents: SignalBuffer<Scalar>
  let interval: [Int32]

  /// - Precondition: the kernel's fixed arrays hold the lines, and there are two points to interpolate between.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  init(_ effect: FeedbackDelayNetwork, binCount: Int) {
    precondition(
      (1...Int(FDN_MAX_LINES)).contains(effect.delaySamples.count),
      "\(effect.name) has \(effect.delaySamples.count) lines: give between 1 and \(FDN_MAX_LINES)")
    precondition(
      effect.delaySamples.allSatisfy { $0 > 0 },
      "\(effect.name) has a line of \(effect.delaySamples.min() ?? 0) samples")
    precondition(effect.decayPoints >= 2, "\(effect.name) has \(effect.decayPoints) decay points: give at least 2")
    // The kernel takes 64 bytes of bins at a time.
    let lanes = 64 / MemoryLayout<Scalar>.stride
    let blocks = (binCount + lanes - 1) / lanes
    lines = effect.delaySamples.count
    points = effect.decayPoints
    self.binCount = binCount
    twiddles = SignalBuffer(count: blocks * lines * 2 * lanes)
    fraction = SignalBuffer(count: blocks * lanes)
    let shortest = Double(effect.delaySamples.min() ?? 1)
    exponents = SignalBuffer(effect.delaySamples.map { Scalar(Double($0) / shortest) })
    // Lanes past the last bin repeat it: their results are not stored and their cotangents are zero.
    let lastBin = max(binCount - 1, 1)
    var interval = [Int32](repeating: 0, count: blocks * lanes)
    for bin in interval.indices {
      let decay = Double(min(bin, binCount - 1)) / Double(lastBin) * Double(points - 1)
      let left = min(Int(decay), points - 2)
      interval[bin] = Int32(left)
      fraction.pointer[bin] = Scalar(decay - Double(left))
    }
    // The phase modulo 2 pi is exact: bins and delays are integers.
    let roots = RootsOfUnity(period: 2 * lastBin)
    let steps = effect.delaySamples.map { $0 % roots.period }
    var indices = [Int](repeating: 0, count: lines)
    for block in 0..<blocks {
      for line in 0..<lines {
        let target = twiddles.pointer + (block * lines + line) * 2 * lanes
        for lane in 0..<lanes {
          let root = roots[indices[line]]
          target[lane] = Scalar(root.x)
          target[lanes + lane] = Scalar(root.y)
          guard block * lanes + lane < binCount - 1 else { continue }
          indices[line] += steps[line]
          if indices[line] >= roots.period { indices[line] -= roots.period }
        }
      }
    }
    self.interval = interval
  }
}

/// Bins a kernel call sums in its own precision before the sums go to Double.
private let binsPerSum = 4096

extension NetworkTables {
  /// Fills four spectra, `response[output * 2 + input]`, for the bins `range` (lower bound a multiple of the
  /// lanes).
  func response(_ setting: NetworkSetting<Scalar>, into response: [SignalBuffer<Scalar>], range: Range<Int>) {
    withArrays(setting) { arrays in
      withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Scalar>?.self, capacity: 4) { table in
        for index in 0..<4 { table.initializeElement(at: index, to: response[index].pointer) }
        Scalar.kernels.network.response(arrays, UnsafePointer(table.baseAddress!), range)
      }
    }
  }

  /// Adds to `sums` the pullback of `scale` times the cotangent spectra.
  func pullback(
    _ setting: NetworkSetting<Scalar>, cotangents: [SignalBuffer<Scalar>], scale: Double,
    sums: NetworkCotangent, range: Range<Int>
  ) {
    withArrays(setting) { arrays in
      withUnsafeTemporaryAllocation(of: UnsafePointer<Scalar>?.self, capacity: 4) { table in
        for index in 0..<4 { table.initializeElement(at: index, to: UnsafePointer(cotangents[index].pointer)) }
        for start in stride(from: range.lowerBound, to: range.upperBound, by: binsPerSum) {
          var gradient = fdn_gradient()
          gradient.attenuations = sums.attenuations.pointer
          Scalar.kernels.network.pullback(
            arrays, UnsafePointer(table.baseAddress!), Scalar(scale), &gradient,
            start..<min(start + binsPerSum, range.upperBound))
          sums.add(&gradient, lines: lines)
        }
      }
    }
  }

  private func withArrays(_ setting: NetworkSetting<Scalar>, _ body: (NetworkArrays<Scalar>) -> Void) {
    interval.withUnsafeBufferPointer { interval in
      body(
        NetworkArrays(
          lines: lines, points: points, twiddles: twiddles.pointer, interval: interval.baseAddress!,
          fraction: fraction.pointer, exponents: exponents.pointer, mixing: setting.mixing.pointer,
          inputGains: setting.inputGains.pointer, outputGains: setting.outputGains.pointer,
          attenuations: setting.attenuations.pointer))
    }
  }
}

extension NetworkCotangent {
  /// Adds the fixed-size sums of a kernel's gradient; its attenuations are added by the kernel itself.
  fileprivate func add(_ gradient: inout fdn_gradient, lines: Int) {
    CArray.withElements(of: &gradient.mixing) { add($0.prefix(lines * lines), to: mixing) }
    CArray.withElements(of: &gradient.input_gains) { add($0.prefix(lines * 2), to: inputGains) }
    CArray.withElements(of: &gradient.output_gains) { add($0.prefix(lines * 2), to: outputGains) }
  }

  private func add(_ values: Slice<UnsafeMutableBufferPointer<Double>>, to sums: SignalBuffer<Double>) {
    for index in values.indices { sums[index] += values[index] }
  }
}
