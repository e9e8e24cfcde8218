import CKernels
import NumericCore

/// Biquads in series on a whole signal, from rest: one pass each way for all of them.
///
/// The recursions run in Double whatever the sample type, since poles near the unit circle (30 Hz shelves) lose too
/// much in Float.
///
/// Unchecked sendable: it belongs to one stage or filter, which one task at a time uses.
final class BiquadCascade<Scalar: SignalScalar>: @unchecked Sendable {
  /// Most stages one pass takes.
  static var maximumStages: Int { Int(CASCADE_STAGES) }

  let stageCount: Int
  private let count: Int
  private var stages = cascade()
  /// The coefficients' cotangents of the latest pullback.
  private var sums = cascade()
  /// The outputs of all stages, as the kernel lays them out; nil where each pass is given room for them.
  private let ownRecords: SignalBuffer<Scalar>?

  /// Scalars of the records of a signal: 4 or 8 per sample.
  static func recordCount(stageCount: Int, count: Int) -> Int {
    (Int(CASCADE_LEAD) + count + Int(CASCADE_TRAIL)) * lanes(stageCount)
  }

  /// Numbers of a record.
  private static func lanes(_ stageCount: Int) -> Int {
    stageCount > Int(CASCADE_FEW_STAGES) ? Int(CASCADE_STAGES) : Int(CASCADE_FEW_STAGES)
  }

  /// - Parameter keepsRecords: whether the cascade keeps what its pullback needs of the signal.
  /// - Precondition: at least one stage, and no more than one pass takes.
  init(stageCount: Int, count: Int, keepsRecords: Bool = true) {
    precondition((1...Self.maximumStages).contains(stageCount), "\(stageCount) stages do not fit one pass")
    self.stageCount = stageCount
    self.count = count
    stages.stages = Int32(stageCount)
    for stage in 0..<Self.maximumStages { stages[stage] = BiquadCoefficients() }
    ownRecords = keepsRecords ? SignalBuffer(count: Self.recordCount(stageCount: stageCount, count: count)) : nil
  }

  var keepsRecords: Bool { ownRecords != nil }

  /// The coefficients of a stage.
  subscript(stage: Int) -> BiquadCoefficients {
    get { stages[stage] }
    set { stages[stage] = newValue }
  }

  /// The cotangents of a stage's coefficients from the latest pullback.
  func cotangent(of stage: Int) -> BiquadCoefficients { sums[stage] }

  /// Filters a signal; `output` may not be `input`.
  ///
  /// - Parameter room: for the records, where the cascade does not keep them.
  func apply(
    to input: UnsafePointer<Scalar>, into output: UnsafeMutablePointer<Scalar>, room: SignalBuffer<Scalar>? = nil
  ) {
    let records = records(room)
    // The way back reads zeros before the first record, where a cascade of another width has written.
    if !keepsRecords { records.clear(0..<Int(CASCADE_LEAD) * Self.lanes(stageCount)) }
    Scalar.kernels.filters.cascade(&stages, input, records.pointer, output, count)
  }

  /// Replaces the cotangent of the output by that of the input, for the latest ``apply(to:into:room:)``, whose
  /// input is still there, and its records too.
  func pullback(
    input: UnsafePointer<Scalar>, cotangent: UnsafeMutablePointer<Scalar>, room: SignalBuffer<Scalar>? = nil
  ) {
    let records = records(room)
    Scalar.kernels.filters.cascadePullback(&stages, input, records.pointer, cotangent, &sums, count)
  }

  private func records(_ room: SignalBuffer<Scalar>?) -> SignalBuffer<Scalar> {
    guard let records = ownRecords ?? room else { preconditionFailure("A cascade needs room for its records") }
    return records
  }
}

extension cascade {
  /// The coefficients of one stage.
  fileprivate subscript(stage: Int) -> BiquadCoefficients {
    get {
      BiquadCoefficients(
        b0: CArray.element(stage, of: b0), b1: CArray.element(stage, of: b1), b2: CArray.element(stage, of: b2),
        a1: CArray.element(stage, of: a1), a2: CArray.element(stage, of: a2))
    }
    set {
      CArray.set(stage, of: &b0, to: newValue.b0)
      CArray.set(stage, of: &b1, to: newValue.b1)
      CArray.set(stage, of: &b2, to: newValue.b2)
      CArray.set(stage, of: &a1, to: newValue.a1)
      CArray.set(stage, of: &a2, to: newValue.a2)
    }
  }
}
