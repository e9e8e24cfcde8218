/// Why an encoder in another process failed: one sentence that names its command.
public enum ProcessEncoderError: Error, Sendable, Hashable, CustomStringConvertible {
  case notStarted(command: String, reason: String)
  /// It ended; the status is that of the shell.
  case ended(command: String, status: Int32)
  case silent(command: String, seconds: Int)
  case wrongReply(command: String, reply: String, expected: String)
  /// What it says itself.
  case refused(command: String, reason: String)
  case noMemory(bytes: Int)

  public var description: String {
    switch self {
    case .notStarted(let command, let reason):
      "The encoder \(command) could not be started (\(reason)): check the command."
    case .ended(let command, let status):
      "The encoder \(command) ended with status \(status) before it had answered: see its own messages."
    case .silent(let command, let seconds):
      "The encoder \(command) gave no answer for \(seconds) s and was stopped: give it more time, "
        + "or see why it hangs."
    case .wrongReply(let command, let reply, let expected):
      "The encoder \(command) answered \(reply) where \(expected) was expected: see docs/encoders.md."
    case .refused(let command, let reason): "The encoder \(command) failed: \(reason)."
    case .noMemory(let bytes): "There are no \(bytes) bytes of shared memory for an encoder: use shorter segments."
    }
  }
}
