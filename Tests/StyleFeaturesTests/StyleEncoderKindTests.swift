import StyleFeatures
import Testing

@Suite struct StyleEncoderKindTests {
  @Test func countsOfFeatures() throws {
    #expect(StyleEncoderKind.mfcc.featureCount == 100)
    #expect(StyleEncoderKind.mir.featureCount == 24)
    for kind in StyleEncoderKind.allCases {
      let encoder: any StyleEncoder<Float> = try kind.makeEncoder(frameCount: 4096, sampleRate: 44100)
      #expect(encoder.featureCount == kind.featureCount && encoder.frameCount == 4096)
    }
  }

  @Test(arguments: StyleEncoderKind.allCases)
  func refusesSegmentsShorterThanOneFrame(kind: StyleEncoderKind) throws {
    let error = #expect(throws: StyleEncoderError.self) {
      let _: any StyleEncoder<Float> = try kind.makeEncoder(frameCount: 2047, sampleRate: 44100)
    }
    #expect(
      error?.description == "A segment of 2047 samples is too short for the \(kind.rawValue) style encoder: "
        + "give it at least 2048 samples.")
    let _: any StyleEncoder<Float> = try kind.makeEncoder(frameCount: 2048, sampleRate: 44100)
  }

  @Test(arguments: [0, -1, .infinity, .nan])
  func refusesSampleRatesThatAreNone(sampleRate: Double) {
    let error = #expect(throws: StyleEncoderError.self) {
      let _: any StyleEncoder<Float> = try StyleEncoderKind.mfcc.makeEncoder(
        frameCount: 4096, sampleRate: sampleRate)
    }
    #expect(error?.description.contains("\(sampleRate) Hz") == true)
  }

  @Test(arguments: [0, -1, .infinity, .nan])
  func refusesGainsThatAreNone(gain: Double) {
    #expect(throws: StyleEncoderError.self) {
      let _: any StyleEncoder<Float> = try StyleEncoderKind.mir.makeEncoder(
        frameCount: 4096, sampleRate: 44100, gain: gain)
    }
  }
}
