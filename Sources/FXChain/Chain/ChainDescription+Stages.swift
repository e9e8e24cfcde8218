import FXParams
import NumericCore

extension ChainDescription {
  /// The series effects as stages, in order; bands that follow each other share a stage.
  ///
  /// - Parameter keepsRecords: whether the equalisers keep what their pullbacks need, or filter once more.
  func makeSeriesStages<Scalar: SignalScalar>(
    _: Scalar.Type, count: Int, keepsRecords: Bool
  ) -> [any SeriesStage<Scalar>] {
    var stages: [any SeriesStage<Scalar>] = []
    var bands: [BiquadBand] = []
    func closeBands() {
      if !bands.isEmpty {
        stages.append(
          EqualiserStage<Scalar>(bands, sampleRate: sampleRate, count: count, keepsRecords: keepsRecords))
      }
      bands = []
    }
    for effect in series {
      switch effect {
      case .biquad(let band):
        if bands.count == EqualiserStage<Scalar>.maximumBands { closeBands() }
        bands.append(band)
      case .compressorExpander(let effect):
        closeBands()
        stages.append(CompressorStage<Scalar>(effect, sampleRate: sampleRate, count: count))
      case .bitCrusher:
        closeBands()
        stages.append(BitCrusherStage<Scalar>(count: count))
      }
    }
    closeBands()
    return stages
  }
}
