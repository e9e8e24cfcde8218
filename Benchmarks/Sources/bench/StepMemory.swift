import CAllocationCount
import FXChain
import FXParams
import Foundation
import Inference
import Retrieval

/// What steps of a style transfer allocate and how much memory they hold: nothing after the first, and no more
/// after many than after two.
///
/// Run: swift run --package-path Benchmarks -c release bench memory SECONDS SEGMENTS THREADS STEPS
func stepMemory(seconds: Double, segments: Int, threads: Int, steps: Int) throws {
  let frameCount = Int(seconds * ChainDescription.diffVox.sampleRate)
  let dry = (0..<segments).map { dryVocal(frameCount: frameCount, seed: UInt64($0)) }
  print("\(segments) segments of \(seconds) s, \(threads) threads, \(steps) steps")
  try stepMemory(of: makePosterior(dry: dry, threads: threads), steps: steps)
}

/// The same of a retrieval, chunks of 12 s of which 7 s are measured.
///
/// Run: swift run --package-path Benchmarks -c release bench memory-retrieval CHUNKS THREADS STEPS
func retrievalMemory(chunks: Int, threads: Int, steps: Int) throws {
  print("\(chunks) chunks, \(threads) threads, \(steps) steps")
  let loss = try RetrievalLoss<Float>(
    chain: .diffVox, chunks: retrievalChunks(chunks), threads: threads)
  try stepMemory(of: RetrievalDensity(loss: loss), steps: steps)
}

private func stepMemory(of density: some LogDensity, steps: Int) throws {
  var theta = [Double](repeating: 0.3, count: density.dimension)
  var gradient = theta
  let clock = ContinuousClock()
  var counts: [UInt] = [allocation_count()]
  counts.reserveCapacity(steps + 1)
  let firstPages = residentMegabytes()
  var afterTwo = 0.0
  let elapsed = clock.measure {
    for step in 0..<steps {
      _ = try? density.evaluate(at: theta, gradient: &gradient)
      for index in theta.indices { theta[index] += 1e-3 * (gradient[index] > 0 ? 1 : -1) }
      counts.append(allocation_count())
      if step == 1 { afterTwo = residentMegabytes() }
    }
  }
  print("  allocations in the first steps:", zip(counts.dropFirst(), counts).map { $0 - $1 }.prefix(6))
  if steps > 2 { print("  allocations in all steps from the third on:", counts[steps] - counts[2]) }
  print(
    String(
      format: "  resident MB: %.0f before, %.0f after two steps, %.0f after all, %.0f at most; %.1f ms a step",
      firstPages, afterTwo, residentMegabytes(), peakMegabytes(), elapsed / .milliseconds(1) / Double(steps)))
}

private func residentMegabytes() -> Double { statusMegabytes("VmRSS:") }
private func peakMegabytes() -> Double { statusMegabytes("VmHWM:") }

private func statusMegabytes(_ field: String) -> Double {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
  let kilobytes = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Double($0) }
  return (kilobytes ?? .nan) / 1024
}
