/// Why draws cannot be stored, read or judged: one sentence that names the place, the value and the remedy.
public struct PosteriorError: Error, CustomStringConvertible, Sendable, Hashable {
  public let description: String

  init(_ description: String) { self.description = description }

  static func noDraws(_ path: String) -> PosteriorError {
    PosteriorError("\(path) would hold no draws: let the sampler make at least one in each chain.")
  }

  static func unequal(_ what: String, _ counts: [Int], _ path: String) -> PosteriorError {
    PosteriorError(
      "The chains for \(path) have \(counts.map(String.init).joined(separator: ", ")) \(what), "
        + "which must be equal: cut them to the shortest.")
  }

  static func notFinite(_ what: String, chain: Int, draw: Int, value: Double, path: String) -> PosteriorError {
    PosteriorError(
      "\(what) is \(value) at draw \(draw) of chain \(chain) for \(path): such a draw has no place in a posterior, "
        + "so leave it out or repair the sampler's target.")
  }

  static func statistics(_ names: [[String]], _ path: String) -> PosteriorError {
    PosteriorError(
      "The chains for \(path) have different statistics (\(names.map { $0.joined(separator: " ") })): "
        + "give each chain the same ones.")
  }

  static func moved(_ parameter: String, _ values: [Double], _ path: String) -> PosteriorError {
    PosteriorError(
      "\(parameter) is a fixed parameter of \(path), and its logits lie between \(values[0]) and "
        + "\(values[values.count - 1]): sample again.")
  }

  static func groupsDisagree(_ first: String, _ second: String, what: String, _ path: String) -> PosteriorError {
    PosteriorError(
      "\(first) and \(second) in \(path) hold different draws (\(what)): select draws from every group alike, as "
        + "idata.sel(draw=...) does.")
  }

  static func damaged(_ what: String, _ path: String) -> PosteriorError {
    PosteriorError("\(what) in \(path) does not fit the rest of the file: sample again.")
  }
}
