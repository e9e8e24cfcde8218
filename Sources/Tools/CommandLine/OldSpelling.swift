/// Options of earlier versions that have another name now. They are understood for one more version, and a warning
/// names the new one.
enum OldSpelling {
  /// By the command: `listening-test make` is one.
  private static let names: [String: [String: String]] = {
    let styled = ["--input": "--dry"]
    return [
      "transfer": styled, "posterior": styled, "objective": styled, "equivariance": ["--audio": "--dry"],
      "evaluate": ["--rows": "--select"], "import": ["--rows": "--select"],
    ]
  }()

  /// Arguments with the new names, and a sentence for each that was replaced.
  static func replaced(in arguments: [String]) -> (arguments: [String], sentences: [String]) {
    guard let command = arguments.first else { return (arguments, []) }
    var sentences: [String] = []
    var result: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      // A flag took the place of an option with two values.
      if command == "transfer", parts[0] == "--orbit" {
        let value = parts.count > 1 ? parts[1] : rest.popFirst()
        if value == "sum" { result.append("--over-orbit") }
        sentences.append(
          "--orbit sum is called --over-orbit now, and --orbit canonical is what happens without it.")
        continue
      }
      guard let new = names[command]?[parts[0]] else {
        result.append(argument)
        continue
      }
      result.append(parts.count > 1 ? "\(new)=\(parts[1])" : new)
      sentences.append("\(parts[0]) of \(command) is called \(new) now: the old name goes with the next version.")
    }
    return (result, sentences)
  }
}
