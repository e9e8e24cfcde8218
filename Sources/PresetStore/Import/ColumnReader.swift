import FXParams

/// Reads the titles of a table, one after another, and collects what is wrong with them.
struct ColumnReader {
  private(set) var label: Int?
  private(set) var group: Int?
  private(set) var order: Int?
  /// By position in the flat order.
  private(set) var sources: [Int: (column: Int, unit: ParameterUnit?)] = [:]
  private(set) var fixed: [CSVColumns.Fixed] = []
  /// Titles that are neither parameters nor mapped.
  private(set) var unknown: [String] = []
  /// Other faults, a sentence each.
  private(set) var faults: [String] = []

  private let titles: [String]
  private let prefix: String
  private let map: ColumnMap?
  private let path: String
  private let descriptions: [ParameterDescription]
  private let space: ParameterSpace
  private let settled: [String: FixedParameter]
  private let sampleRate: Double
  private let hasOrders: Bool
  /// Entries of the map that some title fits.
  private var used: Set<Int> = []

  /// - Parameter prefix: of the names of logits; empty for physical values.
  init(chain: ChainDescription, titles: [String], prefix: String, map: ColumnMap?, path: String) {
    (self.titles, self.prefix, self.map, self.path) = (titles, prefix, map, path)
    descriptions = chain.parameterDescriptions
    space = chain.parameterSpace
    settled = Dictionary(chain.fixedParameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    sampleRate = chain.sampleRate
    hasOrders = !chain.furtherOrders.isEmpty
  }

  mutating func read(_ column: Int) {
    let title = titles[column]
    let found = map?.matches(title) ?? []
    used.formUnion(found.map(\.entry))
    let names = found.compactMap { map?.entries[$0.entry].title }
    if names.count > 1, names[0] != title {
      faults.append(
        "The column \(title) of \(path) fits \(ColumnComplaint.list(names)) of \(map?.path ?? ""): name it alone.")
    }
    guard let target = found.first?.target else {
      readOwnName(column)
      return
    }
    switch target {
    case .roles(let isLabel, let isGroup):
      if isLabel { label = taken(column, for: "label", after: label) }
      if isGroup { group = taken(column, for: "group", after: group) }
    case .order: readOrder(column)
    case .ignored: break
    case .parameter(let name, let unit):
      guard prefix.isEmpty else {
        faults.append("\(path) has columns of logits, which have names of their own: leave the mapping out.")
        return
      }
      guard !read(column, as: name, unit) else { return }
      let near = NearestName.of(name, among: space.names + settled.keys.sorted()).map { " (perhaps \($0))" } ?? ""
      faults.append(
        "\(map?.path ?? "") takes the column \(title) of \(path) for \(name), which is no parameter of the "
          + "chain\(near): correct the name, or ignore the column.")
    }
  }

  /// Tells entries of the map that no title fits.
  mutating func finish() {
    guard let map else { return }
    let idle = map.entries.indices.filter { !used.contains($0) }.map { map.entries[$0].title }
    guard !idle.isEmpty else { return }
    faults.append(
      "\(map.path) names \(idle.count == 1 ? "the column" : "the columns") \(ColumnComplaint.list(idle)), which "
        + "\(path) does not have: correct or remove \(idle.count == 1 ? "it" : "them").")
  }

  private mutating func readOwnName(_ column: Int) {
    let title = titles[column]
    switch title {
    case "label": label = taken(column, for: title, after: label)
    case "group": group = taken(column, for: title, after: group)
    case CSVColumns.orderTitle: readOrder(column)
    default:
      let parts = ColumnTitle(title)
      if !parts.name.hasPrefix(prefix) || !read(column, as: String(parts.name.dropFirst(prefix.count)), parts.unit)
      {
        unknown.append(title)
      }
    }
  }

  private mutating func readOrder(_ column: Int) {
    guard hasOrders else {
      faults.append(
        "The column \(titles[column]) of \(path) says the order of the series, but the chain has one order alone: "
          + "leave it out, or list further ones in the chain.")
      return
    }
    order = taken(column, for: CSVColumns.orderTitle, after: order)
  }

  /// False where there is no such parameter.
  private mutating func read(_ column: Int, as name: String, _ symbol: String?) -> Bool {
    if let position = space.index(of: name) {
      let description = descriptions[position]
      let given = unit(symbol, column, known: description.unitSymbols) { description.unit($0) }
      if let other = sources.updateValue((column, given), forKey: position) { tellTwo(other.column, column) }
      return true
    }
    guard prefix.isEmpty, let parameter = settled[name] else { return false }
    let rate = sampleRate
    let given = unit(symbol, column, known: ParameterUnit.symbols(of: parameter.unit, derived: nil)) {
      ParameterUnit($0, unit: parameter.unit, derived: nil, sampleRate: rate)
    }
    if let other = fixed.first(where: { $0.parameter.name == name }) { tellTwo(other.column, column) }
    fixed.append(CSVColumns.Fixed(column: column, unit: given, parameter: parameter))
    return true
  }

  private mutating func taken(_ column: Int, for role: String, after other: Int?) -> Int {
    if let other {
      faults.append(
        "The header of \(path) has the columns \(titles[other]) and \(titles[column]), which are both the \(role): "
          + "ignore one.")
    }
    return column
  }

  private mutating func tellTwo(_ first: Int, _ second: Int) {
    faults.append(
      "The header of \(path) has the columns \(titles[first]) and \(titles[second]), which are one parameter: "
        + "remove one.")
  }

  private mutating func unit(
    _ symbol: String?, _ column: Int, known: [String], _ find: (String) -> ParameterUnit?
  ) -> ParameterUnit? {
    guard let symbol else { return nil }
    let isLogits = !prefix.isEmpty
    if !isLogits, !symbol.isEmpty, let unit = find(symbol) { return unit }
    let remedy =
      known.isEmpty || isLogits ? "leave the unit out" : "give it in \(ColumnComplaint.list(known, "or"))"
    faults.append(
      "The column \(titles[column]) of \(path) is in a unit that "
        + "\(isLogits ? "logits do" : "the parameter does") not have: \(remedy).")
    return nil
  }
}
