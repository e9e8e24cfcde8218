import Foundation

/// JSON as commands print it: sorted keys, indented, numbers in their shortest exact form.
package enum JSONText {
  /// - Throws: ``WorkflowError`` if a number is not finite, which JSON cannot say.
  package static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
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
