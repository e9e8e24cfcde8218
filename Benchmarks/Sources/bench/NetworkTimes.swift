import CBenchBLAS
import Foundation
import LearnedEncoders
import NeuralCore
import NumericCore
import StyleFeatures

/// AFx-Rep with random weights on a segment of 11 s in stereo, on one thread, beside the same multiplications as
/// plain products of matrices.
///
/// Run: swift run --package-path Benchmarks -c release bench --only encoder
func networkTimes(_ settings: Settings, seconds: Double = 11) throws -> Contest {
  var contest = Contest("encoder", "AFx-Rep, \(seconds) s in stereo, one thread")
  let path = settings.scratch.appendingPathComponent("afx-rep.safetensors").path
  try writeWeights(path)
  let weights = try Cnn14Weights(path: path)
  let count = Int(seconds * 44100)
  let (left, right) = (
    SignalBuffer(dryVocal(frameCount: count, seed: 1)), SignalBuffer(dryVocal(frameCount: count, seed: 2))
  )
  let cotangent = StyleEmbedding(
    mid: (0..<512).map { sin(Double($0)) }, side: (0..<512).map { cos(Double($0)) })
  for precision in NeuralPrecision.allCases {
    guard let model = try? Cnn14Model(weights, precision: precision) else { continue }
    let encoder: any StyleEncoder<Float> = try model.encoder.makeEncoder(frameCount: count, sampleRate: 44100)
    do { _ = try encoder.encode(left: left.pointer, right: right.pointer) } catch NeuralError.unsupported {
      continue  // no such instructions
    }
    let found = (SignalBuffer<Float>(count: count), SignalBuffer<Float>(count: count))
    contest.add("encode, \(precision)") { _ = try? encoder.encode(left: left.pointer, right: right.pointer) }
    contest.add("encode and pullback, \(precision)") {
      _ = try? encoder.encode(left: left.pointer, right: right.pointer)
      try? encoder.pullback(cotangent, left: found.0.pointer, right: found.1.pointer)
    }
    let (weights, segment) = (model.weightBytes / 1_000_000, model.workspaceBytes / 1_000_000)
    print("  \(precision): weights \(weights) MB, a segment \(segment) MB")
  }
  addProducts(to: &contest, configuration: .afxRep, seconds: seconds)
  return contest
}

/// The multiplications of all convolutions, both ways, by sgemm: [outputs x 9 inputs] x [9 inputs x pixels].
private func addProducts(to contest: inout Contest, configuration: Cnn14Configuration, seconds: Double) {
  var (rows, columns, inputs) = (1 + Int(seconds * 48000) / 1024, configuration.bandCount, 1)
  var sizes: [(m: Int, n: Int, k: Int)] = []
  for outputs in configuration.channels {
    sizes += [(outputs, rows * columns, 9 * inputs), (outputs, rows * columns, 9 * outputs)]
    (rows, columns, inputs) = (rows / 2, columns / 2, outputs)
  }
  let most = sizes.map { max($0.m * $0.k, $0.k * $0.n, $0.m * $0.n) }.max() ?? 1
  let buffers = (0..<3).map { _ in SignalBuffer<Float>(count: most) }
  contest.add("sgemm of the same multiplications, both ways", .bound) {
    // Mid and side, forwards and backwards.
    for _ in 0..<4 {
      for size in sizes {
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(size.m), Int32(size.n), Int32(size.k), 1,
          buffers[0].pointer,
          Int32(size.k), buffers[1].pointer, Int32(size.n), 0, buffers[2].pointer, Int32(size.n))
      }
    }
  }
}

/// Random weights of the published size, by the script that comes with the project.
private func writeWeights(_ path: String) throws {
  var folder = URL(fileURLWithPath: #filePath)
  for _ in 0..<4 { folder.deleteLastPathComponent() }
  try Command.run(folder.appendingPathComponent("scripts/random-cnn14.py").path, [path])
}
