/// Why a workflow cannot be carried out, where no module below says it.
public struct WorkflowError: Error, CustomStringConvertible, Sendable, Hashable {
  /// The kind of the fault, for programs that have a remedy of their own.
  public enum Code: Sendable, Hashable {
    /// An effect of the chain has no gradient, and the method follows it.
    case noGradient
    /// A recording is shorter than a segment, or has no stereo image.
    case unsuitableRecording
    /// Recordings that presets belong to are missing or silent.
    case missingRecordings
    /// A conditional prior was given nothing that it is conditional on.
    case missingCondition
    /// An evaluation did not keep its recordings.
    case noRenderings
    /// Nobody has rated the anchor or the reference that screening looks at.
    case missingRole
    /// Screening leaves too few listeners of a listening test.
    case tooFewListeners
    /// Something was given that is of no use here.
    case needlessCondition
    /// A file holds something else than what is asked of it.
    case wrongContents
    /// A checkpoint is damaged or of other work.
    case unusableState
    /// There is no state to go on from.
    case noState
    /// Methods were tried on different tracks.
    case noCommonTracks
    /// The work would not fit memory.
    case tooLarge
    /// An output cannot be written.
    case unwritableOutput
    /// The result has no finite value.
    case notFinite
    /// JSON cannot hold a number of the result.
    case notJSON
  }

  /// The kind of the fault.
  public let code: Code
  /// One sentence that names the file or the value and the remedy.
  public let description: String

  /// An error of a kind, in one sentence.
  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}

/// Thrown by work that was asked to stop, once what it has is kept.
public struct InterruptedError: Error, CustomStringConvertible, Sendable, Hashable {
  /// How the work can go on.
  public enum Remedy: Sendable, Hashable {
    /// From the state that was kept.
    case resume
    /// It could have, with a checkpoint.
    case checkpoint
    /// By doing the same again.
    case none
  }

  /// How the work can go on.
  public let remedy: Remedy
  /// One sentence about what there is.
  public let description: String

  /// Work that was stopped before it left anything, unless a sentence says otherwise.
  public init(_ description: String = "Interrupted: no output was written.", remedy: Remedy = .none) {
    self.description = description
    self.remedy = remedy
  }
}
