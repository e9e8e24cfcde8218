/// The order in which the DiffVox release stores a preset: 46 arrays of 151 raw numbers (`params_keys` and
/// `params_original_shapes` of `info.json`), of which 130 are the parameters of the DiffVox chain.
enum DiffVoxLayout {
  struct Entry {
    let key: String
    let shape: [Int]
    var count: Int { shape.reduce(1, *) }
  }

  /// The arrays in file order.
  static let entries: [Entry] = {
    func free(_ effect: String, _ names: String...) -> [Entry] {
      names.map { Entry(key: "\(effect).params.\($0)", shape: []) }
    }
    func mapped(_ effect: String, _ names: String...) -> [Entry] {
      names.map { Entry(key: "\(effect).params.parametrizations.\($0).original", shape: []) }
    }
    func shaped(_ key: String, _ shape: Int...) -> [Entry] { [Entry(key: key, shape: shape)] }
    func peak(_ effect: String) -> [Entry] { free(effect, "gain") + mapped(effect, "freq", "Q") }
    func shelf(_ effect: String) -> [Entry] { free(effect, "gain") + mapped(effect, "freq") }
    func pass(_ effect: String) -> [Entry] { mapped(effect, "freq", "Q") }

    let equaliser = peak("0") + peak("1") + shelf("2") + shelf("3") + pass("4") + pass("5")
    let dynamics =
      free("6", "cmp_th", "exp_th", "make_up") + shaped("6.params.parametrizations.lookahead.original", 1)
      + mapped("6", "at", "rt", "avg_coef", "cmp_ratio", "exp_ratio")
    let send = shaped("7.params.parametrizations.sends_0.original", 1)
    let delay =
      mapped("7.effects.0", "delay", "feedback", "gain") + pass("7.effects.0.eq")
      + mapped("7.effects.0.odd_pan", "pan") + mapped("7.effects.0.even_pan", "pan")
    let network =
      shaped("7.effects.1.params.b", 6, 2) + shaped("7.effects.1.params.c", 2, 6)
      + shaped("7.effects.1.params.parametrizations.gamma.original", 49, 1) + shaped(generatorKey, lines, lines)
    let tone =
      peak("7.effects.1.eq.0") + peak("7.effects.1.eq.1") + shelf("7.effects.1.eq.2") + shelf("7.effects.1.eq.3")
    return equaliser + dynamics + send + delay + network + tone + mapped("7.pan", "pan")
  }()

  private static let lines = 6
  private static let generatorKey = "7.effects.1.params.parametrizations.U.original"

  /// 151.
  static let count = entries.reduce(0) { $0 + $1.count }

  /// Which raw numbers are parameters: all but the diagonal and the lower triangle of the generator, which have no
  /// effect on U = expm(W - W^T), W strictly upper.
  static let mask: [Bool] = entries.flatMap { entry in
    (0..<entry.count).map { entry.key != generatorKey || $0 / lines < $0 % lines }
  }

  /// The array that holds a raw number, for messages.
  static func key(ofRawIndex index: Int) -> String {
    var end = 0
    for entry in entries {
      end += entry.count
      if index < end { return entry.key }
    }
    return "none"
  }
}
