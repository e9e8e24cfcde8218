import CKernels
import FXParams
import NumericCore

/// Equaliser bands that follow each other, on a whole signal: one pass each way for all of them.
///
/// The recursions run in Double whatever the sample type, since poles near the unit circle (30 Hz shelves) lose too
/// much in Float.
final class EqualiserStage<Scalar: SignalScalar>: SeriesStage, @unchecked Sendable {
  /// Most bands one pass takes.
  static var maximumBands: Int { Int(CASCADE_STAGES) }

  let parameterCount: Int
  private let bands: [BiquadBand]
  private let sampleRate: Double
  private let count: Int
  private var designs: [BandDesign]
  private var coefficients = cascade()
  private var cotangents = cascade()
  /// The outputs of all bands, as the kernel lays them out.
  private let records: SignalBuffer<Scalar>

  /// - Precondition: at least one band, and no more than one pass takes.
  init(_ bands: [BiquadBand], sampleRate: Double, count: Int) {
    precondition((1...Self.maximumBands).contains(bands.count), "\(bands.count) bands do not fit one pass")
    self.bands = bands
    self.sampleRate = sampleRate
    self.count = count
    parameterCount = bands.reduce(0) { $0 + $1.parameters().count }
    designs = bands.map { _ in BandDesign() }
    records = SignalBuffer(count: (Int(CASCADE_LEAD) + count + Int(CASCADE_TRAIL)) * Int(CASCADE_STAGES))
  }

  func apply(_ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafeMutablePointer<Scalar>) {
    var position = 0
    for index in bands.indices {
      designs[index] = BandDesign(bands[index], values: values + position, sampleRate: sampleRate)
      position += bands[index].valueCount
    }
    coefficients.stages = Int32(bands.count)
    for stage in 0..<Self.maximumBands {
      coefficients[stage] = stage < bands.count ? designs[stage].coefficients : BiquadCoefficients()
    }
    if Scalar.self == Float.self {
      f32_cascade(&coefficients, single(input), single(records.pointer), single(output), count)
    } else {
      f64_cascade(&coefficients, double(input), double(records.pointer), double(output), count)
    }
  }

  func pullback(
    _ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    cotangent: UnsafeMutablePointer<Scalar>, into gradient: UnsafeMutablePointer<Double>
  ) {
    if Scalar.self == Float.self {
      f32_cascade_pullback(
        &coefficients, single(input), single(records.pointer), single(cotangent), &cotangents, count)
    } else {
      f64_cascade_pullback(
        &coefficients, double(input), double(records.pointer), double(cotangent), &cotangents, count)
    }
    var position = 0
    for (index, band) in bands.enumerated() {
      designs[index].pullback(cotangents[index], band: band, into: gradient + position)
      position += band.valueCount
    }
  }
}

extension BiquadBand {
  /// Number of free values: gain where it has one, frequency, Q where it is free.
  var valueCount: Int { 1 + (response.hasGain ? 1 : 0) + (q == nil ? 0 : 1) }
}

extension cascade {
  /// The coefficients of one stage.
  fileprivate subscript(stage: Int) -> BiquadCoefficients {
    get {
      withUnsafeBytes(of: self) { bytes in
        let all = bytes.assumingMemoryBound(to: Double.self)
        let stages = Int(CASCADE_STAGES)
        return BiquadCoefficients(
          b0: all[stage], b1: all[stages + stage], b2: all[2 * stages + stage], a1: all[3 * stages + stage],
          a2: all[4 * stages + stage])
      }
    }
    set {
      withUnsafeMutableBytes(of: &self) { bytes in
        let all = bytes.baseAddress!.assumingMemoryBound(to: Double.self)
        let stages = Int(CASCADE_STAGES)
        all[stage] = newValue.b0
        all[stages + stage] = newValue.b1
        all[2 * stages + stage] = newValue.b2
        all[3 * stages + stage] = newValue.a1
        all[4 * stages + stage] = newValue.a2
      }
    }
  }
}
