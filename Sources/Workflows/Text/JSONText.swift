package import Foundation

/// JSON as commands print it: sorted keys in snake_case, indented, numbers in their shortest exact form.
package enum JSONText {
  /// Reads what ``text(_:)`` writes, and the camelCase keys of earlier versions. Properties whose names hold
  /// abbreviations in capitals need coding keys of their own.
  package static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }

  /// - Throws: ``WorkflowError`` if a number is not finite, which JSON cannot say.
  package static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    } catch let error as EncodingError {
      guard case .invalidValue(let number, let context) = error else { throw error }
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw WorkflowError(.notJSON, "\(path) is \(number), which JSON cannot hold: read it as a table.")
    }
  }
}
