/// What the program says with its exit code; docs/cli.md has the table.
package enum ExitStatus: Int32 {
  case success = 0
  /// The work failed: standard error has one sentence on why.
  case failure = 1
  /// The work was done, but what it found is not to be trusted: diagnostics of posterior draws miss their limits,
  /// or a conditional prior is not calibrated on the presets of a test.
  case diagnosticsFailed = 3
  /// The arguments make no sense: EX_USAGE of sysexits.h.
  case usage = 64
  /// Ended by Ctrl-C: 128 + SIGINT, as shells count.
  case interrupted = 130
}
