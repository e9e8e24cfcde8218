import FXParams
import NumericCore

/// Equaliser bands that follow each other, on a whole signal.
///
/// Unchecked sendable: it belongs to one segment, whose tasks follow each other.
final class EqualiserStage<Scalar: SignalScalar>: SeriesStage, @unchecked Sendable {
  /// Most bands of one stage.
  static var maximumBands: Int { BiquadCascade<Scalar>.maximumStages }

  let parameterCount: Int
  private let bands: [BiquadBand]
  private let sampleRate: Double
  private var designs: [BandDesign]
  private let cascade: BiquadCascade<Scalar>

  /// - Precondition: at least one band, and no more than a stage takes.
  init(_ bands: [BiquadBand], sampleRate: Double, count: Int, keepsRecords: Bool) {
    self.bands = bands
    self.sampleRate = sampleRate
    parameterCount = bands.reduce(0) { $0 + $1.parameters().count }
    designs = bands.map { _ in BandDesign() }
    cascade = BiquadCascade(stageCount: bands.count, count: count, keepsRecords: keepsRecords)
  }

  func apply(
    _ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafeMutablePointer<Scalar>,
    scratch: SegmentScratch<Scalar>
  ) {
    var position = 0
    for index in bands.indices {
      designs[index] = BandDesign(bands[index], values: values + position, sampleRate: sampleRate)
      cascade[index] = designs[index].coefficients
      position += bands[index].valueCount
    }
    cascade.apply(to: input, into: output, room: scratch.records)
  }

  func pullback(
    _ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    cotangent: UnsafeMutablePointer<Scalar>, into gradient: UnsafeMutablePointer<Double>,
    scratch: SegmentScratch<Scalar>
  ) {
    // Records that were not kept are made once more, which saves 4 or 8 numbers per sample.
    if !cascade.keepsRecords { cascade.apply(to: input, into: scratch.signal.pointer, room: scratch.records) }
    cascade.pullback(input: input, cotangent: cotangent, room: scratch.records)
    var position = 0
    for (index, band) in bands.enumerated() {
      designs[index].pullback(cascade.cotangent(of: index), band: band, into: gradient + position)
      position += band.valueCount
    }
  }
}

extension BiquadBand {
  /// Number of free values: gain where it has one, frequency, Q where it is free.
  var valueCount: Int { 1 + (response.hasGain ? 1 : 0) + (q == nil ? 0 : 1) }
}
