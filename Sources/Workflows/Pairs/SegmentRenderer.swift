import FXChain
import FXParams
import NumericCore

/// Renders segments of one length through presets, whatever the precision.
protocol SegmentRendering {
  /// Left and right of each segment through a preset.
  func render(_ segments: [[Float]], logits: [Double]) -> [[[Float]]]
}

/// ``SegmentRendering`` in the precision of `Scalar`.
final class SegmentRenderer<Scalar: SignalScalar>: SegmentRendering {
  private let renderer: ChainRenderer<Scalar>

  /// - Parameter segmentCount: segments per preset.
  init(chain: ChainDescription, frameCount: Int, segmentCount: Int) {
    let silence = [Scalar](repeating: 0, count: frameCount)
    renderer = ChainRenderer(chain, segments: Array(repeating: silence, count: segmentCount))
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func render(_ segments: [[Float]], logits: [Double]) -> [[[Float]]] {
    for (index, samples) in segments.enumerated() {
      renderer.replaceSegment(index, by: converted(samples, to: Scalar.self))
    }
    renderer.render(logits: logits)
    return segments.indices.map { index in
      let (left, right) = renderer.output(of: index)
      return [left.array.map { Float($0) }, right.array.map { Float($0) }]
    }
  }
}
