internal import CNettle
public import Foundation

/// SHA-256 (FIPS 180-4) of bytes that arrive in parts.
public struct SHA256 {
  private var context = sha256_ctx()

  /// The digest of no bytes yet.
  public init() { nettle_sha256_init(&context) }

  /// Appends bytes to what is digested.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    nettle_sha256_update(&context, bytes.count, bytes.bindMemory(to: UInt8.self).baseAddress)
  }

  /// Appends the bytes of `data` to what is digested.
  public mutating func update(_ data: Data) { data.withUnsafeBytes { update($0) } }

  /// The 32 bytes of the digest of what has arrived so far; more may follow.
  public func digest() -> [UInt8] {
    var copy = context
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_SIZE))
    nettle_sha256_digest(&copy, digest.count, &digest)
    return digest
  }

  /// The digest in lower-case hexadecimal.
  public func hexadecimal() -> String { Self.hexadecimal(digest()) }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
