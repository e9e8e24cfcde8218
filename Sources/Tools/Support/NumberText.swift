import Foundation

/// Numbers as text: in full for machines, in a few digits for people.
package enum NumberText {
  /// 17 significant digits, from which every double is read back exactly.
  package static func full(_ value: Double) -> String {
    // A tenth of the time of String(format:), which tables of a million lines notice.
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      let length = withVaList([value]) { vsnprintf(buffer.baseAddress, buffer.count, "%.17g", $0) }
      return String(decoding: UnsafeRawBufferPointer(buffer).prefix(Int(length)), as: UTF8.self)
    }
  }

  /// A few significant digits, without an exponent where that is short: `0.0312`, `-78.74`, `1.2e+07`.
  package static func short(_ value: Double, digits: Int = 4) -> String {
    // Minus zero would puzzle a reader.
    value == 0 ? "0" : String(format: "%.*g", digits, value)
  }
}
