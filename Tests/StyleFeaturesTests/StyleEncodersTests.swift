import NumericCore
import StyleFeatures
import Testing

/// The registry as a program with an encoder of its own uses it.
@Suite struct StyleEncodersTests {
  /// One number a channel: the first sample of left, or of right.
  private struct FirstSample: StyleEncoderRegistration {
    var name = "first"
    var precision: any SignalScalar.Type = Double.self
    let featureCount = 1

    func makeEncoder<Scalar: SignalScalar>(
      frameCount: Int, sampleRate _: Double, gain: Double, team _: ThreadTeam, scratch _: StyleScratch<Scalar>?
    ) -> any StyleEncoder<Scalar> { Encoder<Scalar>(frameCount: frameCount, gain: gain) }

    final class Encoder<Scalar: SignalScalar>: StyleEncoder {
      let featureCount = 1
      let frameCount: Int
      let gain: Double

      init(frameCount: Int, gain: Double) { (self.frameCount, self.gain) = (frameCount, gain) }

      func encode(
        left: UnsafePointer<Scalar>, right: UnsafePointer<Scalar>, into embedding: inout StyleEmbedding
      ) { embedding = StyleEmbedding(mid: [gain * Double(left[0])], side: [gain * Double(right[0])]) }

      func pullback(
        _ cotangent: StyleEmbedding, left: UnsafeMutablePointer<Scalar>, right: UnsafeMutablePointer<Scalar>
      ) {}
    }
  }

  @Test func standardEncodersAreFoundByName() {
    #expect(StyleEncoders.standard.names.prefix(2) == ["mfcc", "mir"])
    #expect(StyleEncoderKind(rawValue: "mir") == .mir && StyleEncoderKind(rawValue: "first") == nil)
    #expect(StyleEncoders.standard["mfcc"] == .mfcc)
    #expect(StyleEncoderKind.allCases == StyleEncoders.standard.kinds)
  }

  @Test func everyEncoderStatesItsPrecision() {
    #expect(StyleEncoderKind.mfcc.precision == Float.self && StyleEncoderKind.mir.precision == Double.self)
  }

  @Test func anEncoderOfOnesOwnIsMadeByName() throws {
    let encoders = StyleEncoders.standard.adding(FirstSample())
    #expect(encoders.names == StyleEncoders.standard.names + ["first"])
    let kind = try #require(encoders["first"])
    #expect(kind.featureCount == 1 && kind.precision == Double.self)
    let encoder: any StyleEncoder<Float> = try kind.makeEncoder(frameCount: 4096, sampleRate: 44100, gain: 2)
    let samples = [Float](repeating: 0.25, count: 4096)
    #expect(try encoder.encode(left: samples, right: samples) == StyleEmbedding(mid: [0.5], side: [0.5]))
    let scratch: StyleScratch<Float>? = kind.makeScratch(frameCount: 4096, threads: 1)
    #expect(scratch == nil)
  }

  @Test func aNameIsTakenOver() throws {
    let encoders = StyleEncoders.standard.adding(FirstSample(name: "mir", precision: Float.self))
    #expect(Set(encoders.names) == Set(StyleEncoders.standard.names))
    #expect(encoders["mir"]?.featureCount == 1 && encoders["mir"]?.precision == Float.self)
  }
}
