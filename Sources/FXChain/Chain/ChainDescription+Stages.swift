import FXParams
import NumericCore

extension SeriesEffect {
  /// The effect as it is rendered. A new one conforms in the file of its stage and is one line here.
  var rendered: any RenderedSeriesEffect {
    switch self {
    case .biquad(let effect): effect
    case .compressorExpander(let effect): effect
    case .bitCrusher(let effect): effect
    }
  }
}

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
      if case .biquad(let band) = effect {
        if bands.count == EqualiserStage<Scalar>.maximumBands { closeBands() }
        bands.append(band)
      } else {
        closeBands()
        stages.append(effect.rendered.makeStage(sampleRate: sampleRate, count: count, keepsRecords: keepsRecords))
      }
    }
    closeBands()
    return stages
  }
}
