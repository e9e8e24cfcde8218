// What effects ask of their settings. Every complaint names the key, its owner, the value and the remedy.

func require(_ condition: Bool, _ reason: @autoclosure () -> String) throws {
  guard condition else { throw ParameterError.invalidChain(reason: reason()) }
}

func requireName(_ name: String) throws {
  let isWord = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
  try require(
    isWord && name.first?.isLetter == true,
    "`name` \"\(name)\" cannot be part of a parameter name: start with a letter and use letters, digits, _ and -")
}

func requireDistinct(_ names: [String], in place: String) throws {
  var seen: Set<String> = []
  for name in names {
    try require(
      seen.insert(name).inserted, "`name` \(name) is used twice in \(place): give each effect a name of its own")
  }
}

func requireOrdered(_ range: ParameterBounds, key: String, of owner: String) throws {
  try require(
    range.lower.isFinite && range.upper.isFinite,
    "`\(key)` of \(owner) is \(range.plainText): give two finite numbers, `[lower, upper]`")
  try require(
    range.lower < range.upper,
    "`\(key)` of \(owner) is \(range.plainText): the lower bound comes first and must be below the upper")
}

func requirePositive(_ range: ParameterBounds, key: String, of owner: String) throws {
  try requireOrdered(range, key: key, of: owner)
  try require(range.lower > 0, "`\(key)` of \(owner) is \(range.plainText): its lower bound must be above 0")
}

func requireFrequencies(
  _ range: ParameterBounds, key: String, of owner: String, sampleRate: Double
) throws {
  try requirePositive(range, key: key, of: owner)
  try require(
    range.upper < sampleRate / 2,
    "`\(key)` of \(owner) is \(range.plainText): its upper bound must be below \((sampleRate / 2).plainText) Hz, "
      + "half of `sample_rate`")
}

func requireDuration(_ seconds: Double, key: String, of owner: String) throws {
  try require(
    seconds > 0 && seconds <= 120,
    "`\(key)` of \(owner) is \(seconds.plainText): give a time above 0 and at most 120 seconds")
}
