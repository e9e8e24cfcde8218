import NumericCore

/// Any number of biquads in series on one response, from rest, with what the pullback needs.
///
/// Unchecked sendable: it belongs to one output, which one task at a time filters.
final class ToneFilter<Scalar: SignalScalar>: @unchecked Sendable {
  private let passes: [BiquadCascade<Scalar>]
  /// The signals between the passes.
  private let between: [SignalBuffer<Scalar>]

  init(stageCount: Int, count: Int) {
    let most = BiquadCascade<Scalar>.maximumStages
    passes = stride(from: 0, to: stageCount, by: most).map {
      BiquadCascade(stageCount: min(most, stageCount - $0), count: count)
    }
    between = passes.dropFirst().map { _ in SignalBuffer(count: count) }
  }

  /// - Precondition: there is a stage; `output` is not `input`.
  func apply(
    _ coefficients: [BiquadCoefficients], to input: UnsafePointer<Scalar>, into output: UnsafeMutablePointer<Scalar>
  ) {
    var stage = 0
    // Without enumerated(), which allocates in generic code.
    for number in 0..<passes.count {
      let pass = passes[number]
      for index in 0..<pass.stageCount {
        pass[index] = coefficients[stage]
        stage += 1
      }
      pass.apply(
        to: number == 0 ? input : UnsafePointer(between[number - 1].pointer),
        into: number == between.count ? output : between[number].pointer)
    }
  }

  /// Replaces the cotangent of the output by that of the input, which is still there.
  /// Derived in docs/derivations.md, section 2.4.
  func pullback(input: UnsafePointer<Scalar>, cotangent: UnsafeMutablePointer<Scalar>) {
    for number in stride(from: passes.count - 1, through: 0, by: -1) {
      passes[number].pullback(
        input: number == 0 ? input : UnsafePointer(between[number - 1].pointer), cotangent: cotangent)
    }
  }

  /// Adds what the latest pullback says about the coefficients.
  func addCotangents(to coefficients: inout [BiquadCoefficients]) {
    var stage = 0
    for pass in passes {
      for index in 0..<pass.stageCount {
        coefficients[stage] += pass.cotangent(of: index)
        stage += 1
      }
    }
  }
}
