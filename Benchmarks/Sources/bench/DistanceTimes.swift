import Evaluation
import NumericCore

/// All distances of four minutes of stereo, on one thread, beside the transforms that they cannot do without and
/// the metrics one by one.
func distanceTimes() throws -> Contest {
  let (seconds, sampleRate) = (240.0, 44100.0)
  let frameCount = Int(seconds * sampleRate)
  var contest = Contest("distances", "scoring \(seconds) s of stereo at \(sampleRate) Hz, 1 thread")
  let signals = (0..<2).map { seed in
    var source = RandomSource(seed: UInt64(seed))
    return Matrix(rows: 2, columns: frameCount, values: (0..<2 * frameCount).map { _ in 0.1 * source.nextNormal() })
  }
  let distances = try StereoDistances(sampleRate: sampleRate)
  contest.add("all distances") { _ = try distances.values(prediction: signals[0], target: signals[1]) }
  for size in [128, 512, 2048] {
    let transform = RealFFT<Double>(count: size)
    let samples = SignalBuffer<Double>(count: size)
    let spectrum = SignalBuffer<Double>(count: size + 2)
    // Four channels, frames that overlap by three quarters.
    contest.add("transforms of \(size)", .bound) {
      for _ in 0..<4 * (frameCount / (size / 4) + 1) {
        transform.forward(samples.pointer, into: spectrum.pointer)
      }
    }
  }
  contest.add("metrics one by one", .peer) {
    for view in StereoView.allCases {
      _ = try MultiScaleSpectralDistance(view: view, sampleRate: sampleRate)
        .value(prediction: signals[0], target: signals[1])
      _ = try LoudnessDynamicRangeDistance(view: view, sampleRate: sampleRate)
        .value(prediction: signals[0], target: signals[1])
    }
  }
  return contest
}
