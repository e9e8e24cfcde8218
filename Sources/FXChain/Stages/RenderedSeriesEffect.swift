import FXParams
import NumericCore

/// A series effect as this module renders it: whole signals with a pullback, and block by block.
protocol RenderedSeriesEffect: SeriesEffectDescription {
  /// - Parameters:
  ///   - sampleRate: in Hz.
  ///   - count: samples of the signal.
  ///   - keepsRecords: whether the stage keeps what its pullback needs, for speed, or makes it again, for memory.
  func makeStage<Scalar: SignalScalar>(
    sampleRate: Double, count: Int, keepsRecords: Bool
  ) -> any SeriesStage<Scalar>

  /// - Parameter values: constrained values of the effect.
  func makeStreamingStage<Scalar: SignalScalar>(
    values: UnsafePointer<Double>, sampleRate: Double
  ) -> any StreamingStage<Scalar>
}
