import Foundation
import NumericCore
import Testing

@Suite struct BLASCoreTests {
  @Test(
    arguments: [
      ("Prescott", InstructionSet.v4, "SkylakeX"), ("Prescott", .v3, "Haswell"), ("Sandybridge", .v3, "Haswell"),
      ("Nehalem", .v4, "SkylakeX"),
    ])
  func slowCoresAreReplaced(core: String, instructions: InstructionSet, better: String) {
    #expect(BLASCore.better(than: core, instructions: instructions) == better)
  }

  @Test(
    arguments: [
      ("Haswell", InstructionSet.v4), ("Zen", .v4), ("SkylakeX", .v4), ("Cooperlake", .v4), ("Prescott", .baseline),
      ("Prescott", .other), ("a core of the future", .v4),
    ])
  func otherCoresAreLeftAlone(core: String, instructions: InstructionSet) {
    #expect(BLASCore.better(than: core, instructions: instructions) == nil)
  }

  /// Whatever the library chose by itself, unless the user did.
  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] == nil
        && NumericLibraries.openBLASHasSeveralCores, "the user chose a core, or there is only one"))
  func thisProcessHasNoSlowCore() {
    let (core, instructions) = (NumericLibraries.openBLASCore, NumericLibraries.instructionSet)
    #expect(BLASCore.better(than: core, instructions: instructions) == nil)
  }

  /// The kernel keeps the environment that the process was started with.
  @Test func theEnvironmentIsAsBefore() throws {
    let variable = "OPENBLAS_CORETYPE"
    let started = try Data(contentsOf: URL(fileURLWithPath: "/proc/self/environ"))
    let entry = started.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      .first { $0.hasPrefix(variable + "=") }
    #expect(entry?.dropFirst(variable.count + 1).description == ProcessInfo.processInfo.environment[variable])
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["OPENBLAS_NUM_THREADS"] == nil))
  func linearAlgebraHasOneThreadACall() {
    #expect(NumericLibraries.openBLASThreads == 1)
  }
}
