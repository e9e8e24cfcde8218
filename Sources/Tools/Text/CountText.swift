/// Numbers of things in words.
enum CountText {
  /// Such as "4 chains of 500 draws".
  static func draws(chains: Int, each draws: Int) -> String {
    "\(of(chains, "chain")) of \(of(draws, "draw"))"
  }

  private static func of(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
}
