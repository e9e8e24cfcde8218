/// A WAV file built byte by byte, so that the reader is not tested against its own library's writer.
public struct WaveFile {
  public enum Encoding: Int, CaseIterable, Sendable {
    case unsigned8 = 8
    case signed16 = 16
    case signed24 = 24
    case signed32 = 32
    case float32 = -32
    case float64 = -64
  }

  public var encoding: Encoding
  public var channelCount = 1
  public var sampleRate = 44_100
  /// Interleaved; for integers multiples of 2^(1 - bits).
  public var samples: [Double]
  /// The size that the data chunk announces, instead of the true one.
  public var announcedSize: Int?

  public init(
    encoding: Encoding, channelCount: Int = 1, sampleRate: Int = 44_100, samples: [Double],
    announcedSize: Int? = nil
  ) {
    self.encoding = encoding
    self.channelCount = channelCount
    self.sampleRate = sampleRate
    self.samples = samples
    self.announcedSize = announcedSize
  }

  public var bytes: [UInt8] {
    let width = abs(encoding.rawValue) / 8
    let data = samples.flatMap(encode)
    let size = announcedSize ?? data.count
    let format =
      little(encoding.rawValue < 0 ? 3 : 1, 2) + little(channelCount, 2) + little(sampleRate, 4)
      + little(sampleRate * channelCount * width, 4) + little(channelCount * width, 2) + little(width * 8, 2)
    // An unknown chunk of odd length first: readers must skip it with its padding byte.
    let note = Array("note".utf8) + little(3, 4) + [1, 2, 3, 0]
    let body =
      Array("WAVE".utf8) + note + Array("fmt ".utf8) + little(format.count, 4) + format + Array("data".utf8)
      + little(size, 4) + data
    return Array("RIFF".utf8) + little(body.count, 4) + body
  }

  private func encode(_ sample: Double) -> [UInt8] {
    switch encoding {
    case .unsigned8: [UInt8(sample * 128 + 128)]
    case .float32: little(Int(Float(sample).bitPattern), 4)
    case .float64: withUnsafeBytes(of: sample.bitPattern.littleEndian) { Array($0) }
    default: little(Int(sample * Double(1 << (encoding.rawValue - 1))), encoding.rawValue / 8)
    }
  }

  private func little(_ value: Int, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(value >> (8 * $0) & 255) } }
}
