import CHDF5

extension HDF5Reader {
  /// Whether an object has an attribute; false also where there is no such object.
  public func contains(attribute: String, of object: String = "/") -> Bool {
    guard let handle = try? open(object) else { return false }
    let operation = Operation(action: "look at", path: path, object: object)
    return ((try? Library.exec(operation, handle) { H5Aexists($0, attribute) }) ?? 0) > 0
  }

  /// The names of an object's attributes, in alphabetical order.
  package func attributes(of object: String = "/") throws -> [String] {
    let handle = try open(object)
    let operation = Operation(action: "list the attributes of", path: path, object: object)
    let count = try Library.exec(operation, handle) { H5Aget_num_attrs($0) }
    return try (0..<hsize_t(count)).map { index in
      var name = [CChar](repeating: 0, count: 1024)
      try Library.exec(operation, handle) {
        H5Aget_name_by_idx($0, ".", H5_INDEX_NAME, H5_ITER_INC, index, &name, name.count, 0)
      }
      return String(buffer: name)
    }
  }

  /// Whether an attribute holds text.
  package func holdsText(attribute: String, of object: String = "/") throws -> Bool {
    try node(attribute: attribute, of: object).holdsText()
  }

  /// The numbers of an attribute.
  package func doubles(attribute: String, of object: String = "/") throws -> [Double] {
    try node(attribute: attribute, of: object).numbers(priorkit_h5t_native_double())
  }

  /// A text attribute, of fixed or variable length.
  public func text(attribute: String, of object: String = "/") throws -> String {
    try single(try strings(attribute: attribute, of: object), attribute, object)
  }

  /// A list of texts.
  public func strings(attribute: String, of object: String = "/") throws -> [String] {
    try node(attribute: attribute, of: object).strings()
  }

  /// A numeric attribute, converted to a double.
  public func double(attribute: String, of object: String = "/") throws -> Double {
    try single(try node(attribute: attribute, of: object).numbers(priorkit_h5t_native_double()), attribute, object)
  }

  /// A numeric attribute, converted to an integer.
  public func integer(attribute: String, of object: String = "/") throws -> Int {
    try single(try integers(attribute: attribute, of: object), attribute, object)
  }

  /// A list of integers.
  public func integers(attribute: String, of object: String = "/") throws -> [Int] {
    try node(attribute: attribute, of: object).integers()
  }

  /// A text attribute, or nil where the object has none of that name.
  public func textIfPresent(attribute: String, of object: String = "/") throws -> String? {
    contains(attribute: attribute, of: object) ? try text(attribute: attribute, of: object) : nil
  }

  /// An integer attribute, or nil where the object has none of that name.
  public func integerIfPresent(attribute: String, of object: String = "/") throws -> Int? {
    contains(attribute: attribute, of: object) ? try integer(attribute: attribute, of: object) : nil
  }

  private func node(attribute: String, of object: String) throws -> Node {
    let parent = try open(object)
    let name = "attribute \(attribute) of \(object)"
    guard contains(attribute: attribute, of: object) else {
      throw HDF5Error(
        .objectMissing, path: path, object: name,
        "\(path) has no \(name): check that it is the right kind of file.")
    }
    let operation = Operation(action: "read", path: path, object: name)
    let handle = try Library.open(operation, in: parent, close: H5Aclose) { H5Aopen($0, attribute, 0) }
    return Node(handle: handle, isAttribute: true, operation: operation)
  }

  private func single<Value>(_ values: [Value], _ attribute: String, _ object: String) throws -> Value {
    guard values.count == 1 else {
      let name = "attribute \(attribute) of \(object)"
      throw HDF5Error.wrongShape(name, in: path, found: [values.count], expected: "one value")
    }
    return values[0]
  }
}
