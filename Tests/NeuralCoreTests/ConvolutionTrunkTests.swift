import NeuralCore
import NumericCore
import TestSupport
import Testing

/// The trunk against plain loops in Double, and its adjoint against central differences of those.
struct ConvolutionTrunkTests {
  private let plain = PlainTrunk(inputChannels: 2, channels: [5, 16, 7], seed: 3)
  private let height = 13
  private let width = 11

  private func makeTrunk(_ precision: NeuralPrecision = .float32) throws -> ConvolutionTrunk {
    try ConvolutionTrunk(inputChannels: 2, channels: plain.channels, precision: precision) { [plain] in
      (plain.weights[$0], plain.biases[$0])
    }
  }

  private func numbers(_ count: Int, seed: UInt64) -> [Float] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { _ in Float.random(in: -1...1, using: &source) }
  }

  private func doubles(_ values: some Sequence<Float>) -> [Double] { values.map { Double($0) } }

  /// Rows and columns that pooling cuts off, and channels that fill no vector.
  @Test func blocksAgree() throws {
    let pass = try TrunkPass(makeTrunk(), images: 2, height: height, width: width)
    let image = numbers(2 * 2 * height * width, seed: 1)
    var features = [Float](repeating: .nan, count: pass.count(ofBlock: 2))
    try pass.forward(image, into: &features)
    #expect(pass.size(ofBlock: 2) == (3, 2))
    let expected = (0..<2).map {
      plain.blocks(doubles(image[$0 * image.count / 2..<($0 + 1) * image.count / 2]), height: height, width: width)
    }
    for block in plain.channels.indices {
      let found = doubles(try pass.output(ofBlock: block))
      #expect(relativeNormError(found, expected[0][block] + expected[1][block]) < 1e-6, "block \(block)")
    }
    #expect(try pass.output(ofBlock: 2) == features)
  }

  @Test func adjointIsThatOfTheDerivative() throws {
    let pass = try TrunkPass(makeTrunk(), height: height, width: width)
    let image = numbers(2 * height * width, seed: 2)
    var features = [Float](repeating: 0, count: pass.count(ofBlock: 2))
    try pass.forward(image, into: &features)
    let cotangent = numbers(features.count, seed: 4)
    var gradient = [Float](repeating: .nan, count: image.count)
    try pass.pullback(cotangent, into: &gradient)
    let weights = doubles(cotangent)
    for coordinate in [0, 10, 77, 142, 143, 200, 285] {
      let expected = centralDifference(
        of: { point in
          zip(plain.blocks(point, height: height, width: width)[2], weights).reduce(0) { $0 + $1.0 * $1.1 }
        },
        at: doubles(image), coordinate: coordinate, step: 1e-6)
      #expect(abs(Double(gradient[coordinate]) - expected) < 1e-5 * max(1, abs(expected)), "pixel \(coordinate)")
    }
    var again = [Float](repeating: .nan, count: image.count)
    try pass.pullback(cotangent, into: &again)
    #expect(again == gradient)
  }

  /// Passes of one trunk on several threads give the bits of one alone.
  @Test func threadsDoNotMatter() throws {
    let trunk = try makeTrunk()
    let images = (0..<4).map { numbers(2 * height * width, seed: 20 + UInt64($0)) }
    let passes = try images.map { _ in try TrunkPass(trunk, height: height, width: width) }
    func features(_ team: ThreadTeam) -> [[Float]] {
      let buffers = passes.map { SignalBuffer<Float>(count: $0.count(ofBlock: 2)) }
      team.run(images.count) { index in
        do { try passes[index].forward(images[index], into: buffers[index].pointer) } catch { Issue.record(error) }
      }
      return buffers.map(\.array)
    }
    #expect(features(.alone) == features(ThreadTeam(threads: 3)))
  }

  /// Eight bits of mantissa: about half a per cent a convolution.
  @Test func bfloat16IsNear() throws {
    let pass: TrunkPass
    do { pass = try TrunkPass(makeTrunk(.bfloat16), height: height, width: width) } catch NeuralError.unsupported {
      return  // no such instructions on this processor
    }
    let image = numbers(2 * height * width, seed: 1)
    var features = [Float](repeating: .nan, count: pass.count(ofBlock: 2))
    try pass.forward(image, into: &features)
    #expect(
      relativeNormError(doubles(features), plain.blocks(doubles(image), height: height, width: width)[2]) < 0.02)
  }
}
