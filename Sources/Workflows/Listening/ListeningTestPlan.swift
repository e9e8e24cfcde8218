public import Evaluation

/// The pages of a listening test and what stands on them.
public struct ListeningTestPlan: Sendable, Hashable {
  /// A sound of a page.
  public struct Stimulus: Sendable, Hashable {
    /// What the results call it: a method, ``ListeningTestPlan/dry`` or ``ListeningTestPlan/reference``.
    public let name: String
    /// The recording that it is cut from.
    public let source: String
    /// Where it goes, relative to the folder of the test. The name of the file does not tell what it is.
    public let file: String
  }

  /// A page, on which a track is heard as every method made it.
  public struct Page: Sendable, Hashable {
    /// What the results call it.
    public let id: String
    /// Whether it is for practice; its ratings do not count.
    public let isTraining: Bool
    /// What is heard.
    public let track: TrackName
    /// The wet track. The page shows it openly and, among the stimuli, hidden.
    public let reference: Stimulus
    /// What is rated, in the order of the files.
    public let stimuli: [Stimulus]
  }

  /// The name of the anchor: the dry track.
  public static let dry = "dry"
  /// The name of the hidden reference, by webMUSHRA.
  public static let reference = "reference"
  /// The name of the anchor that webMUSHRA makes of the reference by a low-pass filter at 3.5 kHz.
  public static let lowAnchor = "anchor35"
  /// The name of that at 7 kHz, the mid-range one of BS.1534.
  public static let midAnchor = "anchor70"
  /// What the ids of practice pages begin with.
  public static let trainingPrefix = "train_"

  /// The name of the test, of its configuration and of its folder of sounds.
  public let name: String
  /// Practice pages first.
  public let pages: [Page]
  /// How long every sound is.
  public let seconds: Double
  /// What every sound is brought to.
  public let loudnessLUFS: Double
  /// Whether webMUSHRA makes ``lowAnchor``.
  public let hasLowAnchor: Bool
  /// Whether webMUSHRA makes ``midAnchor``.
  public let hasMidAnchor: Bool
  /// The record of the evaluation.
  let record: String

  /// Every file that is read.
  public var inputs: [String] {
    var seen = Set<String>()
    return ([record] + pages.flatMap { [$0.reference.source] + $0.stimuli.map(\.source) })
      .filter { seen.insert($0).inserted }
  }
}
