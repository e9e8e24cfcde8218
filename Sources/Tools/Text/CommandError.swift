/// What went wrong in a command, where no library error says it: one sentence that names the file or value and the
/// remedy.
package struct CommandError: Error, CustomStringConvertible, Sendable {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}

/// Thrown at the end of work whose diagnostics failed, after everything was written and said.
package struct DiagnosticsFailed: Error {
  package init() {}
}
