/// A convolution over time followed by average pooling, as one convolution: it sees kernel + pool - 1 steps and
/// moves on by `pool`. Its weights are sums of those of the kernel, divided by `pool`; there are half as many
/// products as in the two apart (7 taps for 15 with the published sizes), and what is averaged is never stored.
///
/// As products of matrices, without copying: a sequence [steps][channels] is also one of rows of `pool` steps. Tap
/// group g, the taps g pool ..< (g + 1) pool, multiplies row t + g of the input for output t. Sequences of a batch
/// lie one after another, each filled up to whole rows, so that one product serves all of them; the last
/// `groups` - 1 rows that it gives for a sequence mix it with the next one and have no meaning.
struct PooledConvolution: Sendable, Hashable {
  let inputs, outputs, kernel, pool: Int

  /// Taps of the one convolution.
  var taps: Int { kernel + pool - 1 }
  /// Tap groups.
  var groups: Int { (taps + pool - 1) / pool }
  /// Numbers of the weights [taps][inputs][outputs].
  var weightCount: Int { taps * inputs * outputs }
  /// Rows of the input that the last output sees beyond its own.
  var overlap: Int { groups - 1 }

  /// Outputs that a sequence of `steps` gives.
  func outputSteps(of steps: Int) -> Int { max(0, (steps - kernel + 1) / pool) }
  /// Rows that a sequence takes.
  func rows(of steps: Int) -> Int { outputSteps(of: steps) + overlap }
  /// Inputs of a row that a tap group multiplies.
  func width(ofGroup group: Int) -> Int { min(pool, taps - group * pool) * inputs }

  /// Writes tap `tap` of the one convolution: the mean over the pooled steps of the kernel's taps, or zero where it
  /// has none.
  ///
  /// - Parameters:
  ///   - kernel: [kernel][inputs][outputs].
  ///   - composed: [taps][inputs][outputs].
  func compose(tap: Int, of kernel: UnsafePointer<Float>, into composed: UnsafeMutablePointer<Float>) {
    let size = inputs * outputs
    let target = composed + tap * size
    target.update(repeating: 0, count: size)
    for own in max(0, tap - pool + 1)...min(tap, self.kernel - 1) {
      let source = kernel + own * size
      for index in 0..<size { target[index] += source[index] }
    }
    let share = 1 / Float(pool)
    for index in 0..<size { target[index] *= share }
  }

  /// The adjoint of composing: writes the gradient of tap `tap` of the kernel.
  func decompose(tap: Int, of composed: UnsafePointer<Float>, into kernel: UnsafeMutablePointer<Float>) {
    let size = inputs * outputs
    let target = kernel + tap * size
    target.update(repeating: 0, count: size)
    for own in tap..<tap + pool {
      let source = composed + own * size
      for index in 0..<size { target[index] += source[index] }
    }
    let share = 1 / Float(pool)
    for index in 0..<size { target[index] *= share }
  }
}
