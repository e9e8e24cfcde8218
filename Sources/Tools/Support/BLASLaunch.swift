import Foundation
import NumericCore

/// Sees to it that linear algebra runs on kernels made for this processor.
///
/// OpenBLAS chooses its kernels when it is loaded, before any code of ours runs, and an old version does not know a
/// new processor (see ``BLASCore``). The remedy is to start the program once more, as the same process, with the
/// choice in the environment: some milliseconds, and only where the choice was bad.
enum BLASLaunch {
  /// The user's own choice, which is respected.
  private static let choice = "OPENBLAS_CORETYPE"
  /// Set in the second start, so that there is no third.
  private static let guardVariable = "PRIORKIT_BLAS_CHECKED"
  /// `best` corrects a bad choice even where it is the user's: for tests, and for sites that set it for everybody.
  private static let policy = "PRIORKIT_BLAS_CORE"

  /// Starts the program once more where that makes it faster; returns in all other cases.
  static func chooseKernels() {
    let environment = ProcessInfo.processInfo.environment
    guard environment[guardVariable] == nil, NumericLibraries.openBLASHasSeveralCores,
      environment[choice] == nil || environment[policy] == "best",
      let core = BLASCore.better(
        than: NumericLibraries.openBLASCore, instructions: NumericLibraries.instructionSet),
      let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else { return }
    setenv(choice, core, 1)
    setenv(guardVariable, "1", 1)
    // Only a failure returns, and then the slow kernels do the work.
    execv(program, CommandLine.unsafeArgv)
    unsetenv(choice)
  }
}
