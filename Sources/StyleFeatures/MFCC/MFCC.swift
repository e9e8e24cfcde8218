import NumericCore

/// The sizes of the MFCC front end.
enum MFCC {
  static let coefficientCount = 25
  static let bandCount = StyleScratchLimits.bandCount
  static let powerFloor = 1e-10
  static let topDB = 80.0
  /// 10 log10 x = decibelsPerLogarithm log x, for powers x.
  static let decibelsPerLogarithm = 10 / 2.302585092994045684
}

extension StyleEncoderKind {
  /// 25 mel-frequency cepstral coefficients with four statistics over time each (arXiv 2505.11315).
  public static let mfcc = StyleEncoderKind(MFCC.Registration())
}

extension MFCC {
  struct Registration: StyleEncoderRegistration {
    let name = "mfcc"
    let featureCount = coefficientCount * TemporalMoments.count
    let precision: any SignalScalar.Type = Float.self

    func makeEncoder<Scalar: SignalScalar>(
      frameCount: Int, sampleRate: Double, gain: Double, team: ThreadTeam, scratch: StyleScratch<Scalar>?
    ) -> any StyleEncoder<Scalar> {
      MFCCEncoder(frameCount: frameCount, sampleRate: sampleRate, gain: gain, team: team, scratch: scratch)
    }

    func makeScratch<Scalar: SignalScalar>(frameCount: Int, threads: Int) -> StyleScratch<Scalar>? {
      StyleScratch(frameCount: frameCount, threads: threads)
    }
  }
}
