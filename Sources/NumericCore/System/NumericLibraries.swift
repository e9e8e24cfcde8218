import CFFTW
import CNumericKernels
import COpenBLAS

/// Facts about the libraries and the processor that numerical work runs on.
public enum NumericLibraries {
  /// What OpenBLAS says of itself, such as `OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Haswell
  /// MAX_THREADS=64`.
  public static var openBLASConfiguration: String { openblas_get_config().map { String(cString: $0) } ?? "" }

  /// The version of OpenBLAS, such as `0.3.21`.
  public static var openBLASVersion: String {
    openBLASConfiguration.split(separator: " ").dropFirst().first.map(String.init) ?? "unknown"
  }

  /// The processor whose kernels OpenBLAS uses, such as `Haswell`.
  public static var openBLASCore: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }

  /// Whether this OpenBLAS holds the kernels of several processors, among which OPENBLAS_CORETYPE chooses.
  package static var openBLASHasSeveralCores: Bool { openBLASConfiguration.contains("DYNAMIC_ARCH") }

  /// How many threads one call of OpenBLAS works with: 1 unless OPENBLAS_NUM_THREADS says otherwise, because large
  /// work is shared among threads by blocks (see ``ParallelBlocks``).
  public static var openBLASThreads: Int { Int(openblas_get_num_threads()) }

  /// The version of FFTW, such as `fftw-3.3.10-sse2-avx`.
  public static var fftwVersion: String { priorkit_fftw_version().map { String(cString: $0) } ?? "unknown" }

  /// The vector instructions that this processor offers to kernels that have several versions.
  public static var instructionSet: InstructionSet {
    InstructionSet(rawValue: Int(priorkit_instruction_level())) ?? .other
  }
}

/// Levels of the x86-64 instruction set, by the names of its ABI.
public enum InstructionSet: Int, Sendable, Comparable, CustomStringConvertible {
  /// Not x86-64: kernels have one version.
  case other = 0
  case baseline = 1
  /// AVX2 and FMA.
  case v3 = 3
  /// AVX-512.
  case v4 = 4

  public static func < (left: InstructionSet, right: InstructionSet) -> Bool { left.rawValue < right.rawValue }

  public var description: String {
    switch self {
    case .other: "one version of each kernel"
    case .baseline: "x86-64 (SSE2)"
    case .v3: "x86-64-v3 (AVX2, FMA)"
    case .v4: "x86-64-v4 (AVX-512)"
    }
  }
}
