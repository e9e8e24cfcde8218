import HDF5Store

/// An HDF5 file as what it holds, to be written again with changes.
///
/// Bytes of HDF5 are changed elsewhere (StoredDataTests): the library walks into damaged ones and may crash, and
/// seals keep it from them. Here the file is sound and what it says is not.
struct HDF5Content {
  enum Value {
    case numbers(shape: [Int], [Double])
    case integers(shape: [Int], [Int])
    case texts([String], isScalar: Bool)
  }

  var datasets: [(path: String, value: Value)] = []
  var attributes: [(owner: String, name: String, value: Value)] = []

  init(_ path: String) throws {
    let reader = try HDF5Reader(path: path)
    func visit(_ group: String) throws {
      try collectAttributes(of: group.isEmpty ? "/" : group, reader)
      for name in try reader.children(of: group.isEmpty ? "/" : group) {
        let object = group + "/" + name
        guard try reader.kind(of: object) == .dataset else {
          try visit(object)
          continue
        }
        if try reader.holdsText(object) {
          datasets.append(
            (object, .texts(try reader.strings(object), isScalar: try reader.shape(of: object).isEmpty)))
        } else {
          let (shape, values) = try reader.doubles(object)
          datasets.append((object, .numbers(shape: shape, values)))
        }
      }
    }
    try visit("")
  }

  private mutating func collectAttributes(of owner: String, _ reader: HDF5Reader) throws {
    for name in try reader.attributes(of: owner) where !name.hasPrefix("_N") {
      let value: Value =
        if try reader.holdsText(attribute: name, of: owner) {
          .texts(try reader.strings(attribute: name, of: owner), isScalar: true)
        } else {
          .numbers(shape: [], try reader.doubles(attribute: name, of: owner))
        }
      attributes.append((owner, name, value))
    }
  }

  func write(to path: String) throws {
    try HDF5Writer.create(path, overwrite: true) { writer in
      for (path, value) in datasets {
        switch value {
        case .numbers(let shape, let values):
          try writer.write(values, shape: shape.reduce(1, *) == values.count ? shape : [values.count], to: path)
        case .integers(let shape, let values):
          try writer.write(values, shape: shape.reduce(1, *) == values.count ? shape : [values.count], to: path)
        case .texts(let texts, let isScalar):
          if isScalar, texts.count == 1 {
            try writer.write(texts[0], to: path)
          } else {
            try writer.write(texts, to: path)
          }
        }
      }
      for (owner, name, value) in attributes {
        if owner != "/" { try writer.createGroup(owner) }
        switch value {
        case .numbers(_, let values) where values.count == 1: try writer.set(values[0], attribute: name, of: owner)
        case .numbers(_, let values):
          try writer.set(values.map { Int(exactly: $0) ?? 0 }, attribute: name, of: owner)
        case .integers(_, let values): try writer.set(values.first ?? 0, attribute: name, of: owner)
        case .texts(let texts, _):
          if texts.count == 1 {
            try writer.set(texts[0], attribute: name, of: owner)
          } else {
            try writer.set(texts, attribute: name, of: owner)
          }
        }
      }
    }
  }

  // MARK: - Mutation

  mutating func mutate(_ mutator: inout ByteMutator) {
    for _ in 0..<1 + mutator.below(3) {
      if !attributes.isEmpty, mutator.below(4) == 0 {
        let index = mutator.below(attributes.count)
        guard mutator.below(4) > 0 else {
          attributes.remove(at: index)
          continue
        }
        attributes[index].value = Self.changed(attributes[index].value, isAttribute: true, &mutator)
      } else if !datasets.isEmpty {
        let index = mutator.below(datasets.count)
        switch mutator.below(8) {
        case 0: datasets.remove(at: index)
        case 1: datasets[index].path += "/deeper"
        default: datasets[index].value = Self.changed(datasets[index].value, isAttribute: false, &mutator)
        }
      }
    }
  }

  private static let values = [
    0, -0.0, 1, -1, 0.5, 2, .leastNonzeroMagnitude, 1e-160, 1e19, 1e100, 1e160, 1e308, -1e308, .nan, .infinity,
    -.infinity, 4e9, 9.3e18,
  ]

  private static func changed(_ value: Value, isAttribute: Bool, _ mutator: inout ByteMutator) -> Value {
    switch value {
    case .numbers(let shape, var numbers):
      switch isAttribute ? mutator.below(3) : mutator.below(7) {
      case 0 where !numbers.isEmpty:
        for _ in 0..<1 + mutator.below(3) { numbers[mutator.below(numbers.count)] = mutator.choice(values) }
        return .numbers(shape: shape, numbers)
      case 1: return .texts(["text"], isScalar: true)
      case 2:
        let extreme = mutator.choice([0, -1, 1, Int.max, Int.min, 1 << 53, 1 << 62])
        return .integers(shape: shape, numbers.map { _ in extreme })
      case 3: return .numbers(shape: [numbers.count], numbers)
      case 4: return .numbers(shape: shape.reversed(), numbers)
      case 5 where !shape.isEmpty:
        // A row less, or one more.
        let row = numbers.count / max(shape[0], 1)
        if mutator.below(2) == 0, shape[0] > 0 {
          return .numbers(shape: [shape[0] - 1] + shape.dropFirst(), Array(numbers.dropLast(row)))
        }
        return .numbers(
          shape: [shape[0] + 1] + shape.dropFirst(),
          numbers + numbers.prefix(row)
            + (row > numbers.count ? [Double](repeating: 0, count: row - numbers.count) : []))
      case 6: return .numbers(shape: [0], [])
      default: return .numbers(shape: shape + [1], numbers)
      }
    case .integers: return value
    case .texts(var texts, let isScalar):
      switch mutator.below(5) {
      case 0 where !texts.isEmpty: texts.removeLast()
      case 1: texts.append("more")
      case 2: return .numbers(shape: [], [mutator.choice(values)])
      default:
        guard !texts.isEmpty else { return .texts(["text"], isScalar: isScalar) }
        let index = mutator.below(texts.count)
        let bytes = mutator.mutated(Array(texts[index].utf8)).filter { $0 != 0 }
        texts[index] = String(decoding: bytes, as: UTF8.self)
      }
      return .texts(texts, isScalar: isScalar && texts.count == 1)
    }
  }
}
