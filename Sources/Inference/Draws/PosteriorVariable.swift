public import FXParams

/// How the flat order of a parameter space falls into named variables: a scalar parameter is a variable of its own,
/// and parameters whose names differ in trailing numbers alone are one variable over a labelled dimension.
///
/// `reverb.gamma.1` ... `reverb.gamma.49` are `reverb.gamma` with the labels `1` ... `49`, and `reverb.w.1.2` has
/// the label `1.2`. A parameter's name is that of its variable, a dot and its label.
public struct PosteriorVariable: Sendable, Hashable {
  /// The name of the variable, without labels.
  public let name: String
  /// Labels along its dimension, or empty for a scalar.
  public let labels: [String]
  /// Positions in the flat order.
  public let indices: [Int]
  /// The unit of its physical values.
  public let unit: Unit

  /// The dimension that its labels belong to, for a variable that has one.
  public var dimension: String { name + ".index" }

  /// The variables of a space, in the order in which their first parameters stand.
  public static func all(of space: ParameterSpace) -> [PosteriorVariable] {
    var order: [String] = []
    var members: [String: [(label: String, index: Int)]] = [:]
    for (index, parameter) in space.parameters.enumerated() {
      let (stem, label) = split(parameter.name)
      if members[stem] == nil { order.append(stem) }
      members[stem, default: []].append((label, index))
    }
    return order.map { stem in
      let list = members[stem] ?? []
      return PosteriorVariable(
        name: stem, labels: list.count == 1 && list[0].label.isEmpty ? [] : list.map(\.label),
        indices: list.map(\.index), unit: space.parameters[list[0].index].unit)
    }
  }

  /// A name without its trailing numbers, and those.
  private static func split(_ name: String) -> (stem: String, label: String) {
    let components = name.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = components.reversed().prefix { !$0.isEmpty && $0.allSatisfy(\.isNumber) }.count
    let stem = components.dropLast(min(numbers, components.count - 1))
    return (stem.joined(separator: "."), components.dropFirst(stem.count).joined(separator: "."))
  }
}
