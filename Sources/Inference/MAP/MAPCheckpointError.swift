/// Why a checkpoint cannot be resumed.
public enum MAPCheckpointError: Error, Sendable, Hashable, CustomStringConvertible {
  case otherRun(path: String, what: String, found: String, expected: String)
  case damaged(path: String, what: String)

  public var description: String {
    switch self {
    case .otherRun(let path, let what, let found, let expected):
      "The checkpoint \(path) belongs to another run, its \(what) is \"\(found)\" instead of \"\(expected)\": "
        + "resume with the settings and inputs it was made with, or start anew."
    case .damaged(let path, let what):
      "The checkpoint \(path) is damaged, \(what): start anew or resume from an older checkpoint."
    }
  }
}
