import Foundation

/// What sanitizers watch: kernels, wrappers and threads at work, with inputs that are short and lengths that are
/// odd.
///
///     checked [PART...]
@main
enum Checked {
  static let parts: [(name: String, run: @Sendable () throws -> Void)] = [
    ("chains", checkChains), ("streams", checkStreams), ("numbers", checkNumbers), ("distances", checkDistances),
    ("retrievals", checkRetrievals),
    ("threads", checkThreads), ("files", checkFiles), ("audio", checkAudio),
  ]

  static func main() throws {
    let wanted = CommandLine.arguments.dropFirst()
    for (name, run) in parts where wanted.isEmpty || wanted.contains(name) {
      try run()
      print("checked: \(name)")
    }
  }

  /// Ends the program if something is not as it should be: results are checked here too, lest nothing was done.
  static func require(_ condition: Bool, _ what: String) {
    guard condition else {
      print("checked: \(what)")
      exit(1)
    }
  }
}
