import NumericCore

/// What the `summary` encoder measures, and in which order.
///
/// A description, not a style embedding (``StyleEncoderRegistration/isDescription``): numbers with units, not of
/// unit length and without a pullback, for priors that are conditional on recordings.
///
/// Per channel, mid first: for each of ``bandCount`` mel bands ``BandSummary/count`` numbers; then
/// ``EnvelopeSummary/count`` of the envelope; then ``DecaySummary/count`` of decays. The side goes on with
/// ``ImageSummary/count`` numbers of the stereo image for each band. Levels are in dB, and those more than
/// ``rangeDB`` below the loudest of the mid count as that far below it: silence is a valid side.
enum Summary {
  /// HTK mel bands from 0 to half the sample rate.
  static let bandCount = 64
  /// Bands of one decay.
  static let bandsPerDecay = 8
  /// Levels below the loudest by more than this are held there, in dB.
  static let rangeDB = 90.0

  static let channelCount =
    bandCount * BandSummary.count + EnvelopeSummary.count
    + bandCount / bandsPerDecay * DecaySummary.count
  static let imageCount = bandCount * ImageSummary.count
}

extension StyleEncoderKind {
  /// 944 numbers that describe spectrum, dynamics, echoes, decays and stereo image of a recording.
  public static let summary = StyleEncoderKind(Summary.Registration())
}

extension Summary {
  struct Registration: StyleEncoderRegistration {
    let name = "summary"
    let featureCount = channelCount
    let sideFeatureCount = channelCount + imageCount
    let precision: any SignalScalar.Type = Float.self
    let isDescription = true

    /// Long enough for the longest lag of the envelope's autocorrelation to mean something.
    func minimumFrameCount(sampleRate: Double) -> Int {
      max(FrameGrid.frameLength, EnvelopeSummary.minimumFrameCount(sampleRate: sampleRate))
    }

    func makeEncoder<Scalar: SignalScalar>(
      frameCount: Int, sampleRate: Double, gain: Double, team _: ThreadTeam, scratch _: StyleScratch<Scalar>?
    ) -> any StyleEncoder<Scalar> {
      SummaryEncoder(frameCount: frameCount, sampleRate: sampleRate, gain: gain)
    }
  }
}
