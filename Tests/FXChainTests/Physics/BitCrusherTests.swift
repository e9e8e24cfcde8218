import FXChain
import FXParams
import NumericCore
import Testing

/// The effect without a gradient.
struct BitCrusherTests {
  private let chain = ChainDescription.series(.bitCrusher(BitCrusher(bits: .init(1, 16))))

  @Test(arguments: [1.4, 2, 3.6, 8, 15.9]) func roundsToTheNearestLevel(bits: Double) {
    let dry = TestSignals.swells(1000)
    let rendering = Rendering(chain, dry: dry, logits: chain.logits(["crusher.bits": bits]))
    let levels = Double(1 << (Int(bits.rounded()) - 1))
    // The centred pan is 1 but for rounding.
    for (sample, found) in zip(dry, rendering.left) {
      #expect(abs(found - (sample * levels).rounded() / levels) < 1e-12)
    }
    let error = zip(dry, rendering.left).map { abs($0 - $1) }.max() ?? 1
    #expect(error <= 0.5 / levels + 1e-12)
  }

  /// Between two steps nothing moves.
  @Test func stepsAtHalfBitsOnly() {
    let dry = TestSignals.swells(200)
    func render(_ bits: Double) -> [Double] {
      Rendering(chain, dry: dry, logits: chain.logits(["crusher.bits": bits])).left
    }
    #expect(render(3.51) == render(4.49) && render(4.51) != render(4.49))
  }

  @Test func saysThatItHasNoGradient() {
    #expect(!chain.isDifferentiable && chain.nonDifferentiableEffects == ["crusher"])
    #expect(ChainDescription.diffVox.isDifferentiable)
  }

  @Test func streamsAsItRenders() throws {
    let dry = TestSignals.swells(5000).map { Float($0) }
    let logits = chain.logits(["crusher.bits": 5])
    let whole = Rendering(chain, dry: dry.map(Double.init), logits: logits, as: Float.self)
    let streaming = StreamingRenderer<Float>(chain, logits: logits, frameCount: dry.count)
    var left: [Float] = []
    for start in stride(from: 0, to: dry.count, by: 700) {
      let end = min(start + 700, dry.count)
      streaming.process(Array(dry[start..<end]), isLast: end == dry.count) {
        left += $0
        #expect($0.count == $1.count)
      }
    }
    #expect(left.map(Double.init) == whole.left)
  }
}
