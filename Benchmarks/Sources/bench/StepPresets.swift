import FXParams
import Foundation
import Inference
import NumericCore
import PresetStore
import PriorKit

/// The time of a step at every preset of a file, as quantiles over the presets, beside the transforms that a step
/// cannot do without: some presets need the exact grid of the sends.
///
/// Run: swift run --package-path Benchmarks -c release bench presets FILE
func stepPresets(_ path: String, seconds: Double = 8) throws {
  let presets = try PresetFile.read(path)
  guard presets.chain.parameterSpace.names == ChainDescription.diffVox.parameterSpace.names else {
    throw BenchError("\(path) has presets of another chain than DiffVox's.")
  }
  let frameCount = Int(seconds * ChainDescription.diffVox.sampleRate)
  let dry = [dryVocal(frameCount: frameCount, seed: 0)]
  let transforms = stepTransforms(frameCount: frameCount, segments: 1)
  let clock = ContinuousClock()
  func least(_ body: () -> Void) -> Double {
    (0..<3).reduce(.infinity) { least, _ in min(least, clock.measure(body) / .milliseconds(1)) }
  }
  print("\(presets.count) presets of \(path), \(seconds) s, the least of three steps each")
  for threads in [1, 2] {
    let posterior = try makePosterior(dry: dry, threads: threads)
    var gradient = [Double](repeating: 0, count: posterior.dimension)
    // The transforms are timed beside every preset, and their median counts.
    let rows = (0..<presets.count).map { row -> (time: Double, bound: Double) in
      let theta = (0..<presets.theta.columns).map { presets.theta[row, $0] }
      let time = least { _ = try? posterior.evaluate(at: theta, gradient: &gradient) }
      return (time, transforms.reduce(0) { sum, transform in sum + least(transform.body) })
    }
    let bound = rows.map(\.bound).sorted()[rows.count / 2]
    let times = rows.map(\.time).sorted()
    print(String(format: "  %d threads: transforms %.1f ms (median)", threads, bound))
    for quantile in [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1] {
      let time = times[Int((quantile * Double(times.count - 1)).rounded())]
      print(String(format: "    quantile %.2f: %6.1f ms  %.2f x", quantile, time, time / bound))
    }
    let ratios = rows.map { $0.time / $0.bound }
    let slow = ratios.indices.sorted { ratios[$0] > ratios[$1] }.prefix(5)
    print(
      "    slowest beside their own transforms: "
        + slow.map { String(format: "row %d %.2f x", $0, ratios[$0]) }.joined(separator: ", "))
  }
}
