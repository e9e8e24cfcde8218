import ArgumentParser
import HDF5Store
import NumericCore
import Workflows

/// `priorkit version`: what runs.
struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version",
    abstract: "Print the version, and with --verbose what it runs on.",
    discussion: """
      EXAMPLES:
        priorkit version --verbose
        priorkit --version --verbose

      Name in a bug report what this prints.
      """)

  @Flag(name: .long, help: "Name the libraries, their versions and the kernels they chose for this processor.")
  var verbose = false

  func run() throws {
    try Console.standardOutput(verbose ? Self.details : Version.current + "\n")
  }

  private static var details: String {
    var table = TextTable([("component", .left), ("version", .left)])
    table.append(["priorkit", Version.current])
    table.append(["OpenBLAS", NumericLibraries.openBLASVersion])
    table.append(["OpenBLAS core", NumericLibraries.openBLASCore])
    table.append(["OpenBLAS threads a call", "\(NumericLibraries.openBLASThreads)"])
    table.append(["FFTW", NumericLibraries.fftwVersion])
    table.append(["HDF5", HDF5Version.current])
    table.append(["own kernels", NumericLibraries.instructionSet.description])
    return table.text
  }
}
