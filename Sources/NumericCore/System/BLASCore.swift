/// The OpenBLAS kernels that a processor can run, where the library itself chooses far slower ones.
///
/// A version of OpenBLAS that is older than the processor does not know it and may fall back to the kernels of its
/// oldest ancestor: Debian's 0.3.21 takes those of Prescott, of 2004, on some Xeons, at a fifth of the speed. The
/// choice is made when the library loads, by the environment variable OPENBLAS_CORETYPE.
public enum BLASCore {
  /// Cores without AVX, as OpenBLAS names them.
  static let slowCores: Set<String> = [
    "Katmai", "Coppermine", "Northwood", "Prescott", "Banias", "Atom", "Core2", "Penryn", "Dunnington", "Nehalem",
    "Athlon", "Opteron", "Opteron_SSE3", "Barcelona", "Bobcat", "Nano",
  ]
  /// Cores with AVX but without FMA or AVX2.
  static let middlingCores: Set<String> = ["Sandybridge", "Bulldozer", "Piledriver", "Steamroller"]

  /// The core to ask for instead of `core` on a processor that offers `instructions`; nil where `core` is right.
  public static func better(than core: String, instructions: InstructionSet) -> String? {
    guard instructions >= .v3, slowCores.contains(core) || middlingCores.contains(core) else { return nil }
    return instructions == .v4 ? "SkylakeX" : "Haswell"
  }
}
