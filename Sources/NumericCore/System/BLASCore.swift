import CNumericKernels

/// The OpenBLAS kernels that a processor can run, where the library itself chooses far slower ones.
///
/// The choice is corrected when the program is loaded, before any code in Swift runs: the rule and what applies it
/// are in C (`blas_core.c`, `blas_setup.c`).
package enum BLASCore {
  /// The core to ask for instead of `core` on a processor that offers `instructions`; nil where `core` is right.
  package static func better(than core: String, instructions: InstructionSet) -> String? {
    priorkit_better_blas_core(core, Int32(instructions.rawValue)).map { String(cString: $0) }
  }
}
