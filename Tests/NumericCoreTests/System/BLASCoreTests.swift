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

  @Test(.enabled(if: ProcessInfo.processInfo.environment["OPENBLAS_NUM_THREADS"] == nil))
  func linearAlgebraHasOneThreadACall() {
    #expect(NumericLibraries.openBLASThreads == 1)
  }
}
