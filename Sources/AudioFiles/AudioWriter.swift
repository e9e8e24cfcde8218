import CSndfile
import Foundation

/// Writes an audio file block by block, at the path it is given; renaming a finished file into place is the
/// caller's.
///
/// The same samples always give the same bytes. Not thread safe: one writer belongs to one task.
public final class AudioWriter {
  /// How samples are stored.
  public enum Format: String, Sendable, CaseIterable {
    /// WAV of 32-bit floats: nothing is lost, also beyond -1 ... 1. At most 4 GiB.
    case waveFloat32 = "wav"
    /// FLAC of 24-bit integers, x rounded to 1/2^23 without dither; samples beyond full scale are clipped and
    /// counted.
    case flac24 = "flac"
    /// AIFF-C of 32-bit floats, at most 4 GiB.
    case aiffFloat32 = "aiff"
    /// Sony Wave64 of 32-bit floats, of any length.
    case wave64Float32 = "w64"
    /// Core Audio of 32-bit floats, of any length.
    case coreAudioFloat32 = "caf"
    /// Ogg Vorbis, which loses what is hard to hear; the bytes differ from run to run by the number of the stream.
    case oggVorbis = "ogg"
    /// WAV of 24-bit integers, which every browser plays, rounded and clipped as FLAC is. No extension asks for it.
    case waveInteger24 = "24-bit wav"

    /// The format that a path's extension asks for, in any case of letters.
    public init?(path: String) {
      let suffix = URL(fileURLWithPath: path).pathExtension.lowercased()
      self.init(rawValue: suffix == "aif" ? "aiff" : suffix == "wave" ? "wav" : suffix)
      guard Self.byExtension.contains(self) else { return nil }
    }

    /// The formats that an extension asks for, which is their raw value.
    public static let byExtension = allCases.filter { $0 != .waveInteger24 }

    /// The extensions, in words.
    public static var list: String { byExtension.map { "." + $0.rawValue }.joined(separator: ", ") }

    fileprivate var code: Int32 {
      switch self {
      case .waveFloat32: Int32(SF_FORMAT_WAV | SF_FORMAT_FLOAT)
      case .flac24: Int32(SF_FORMAT_FLAC | SF_FORMAT_PCM_24)
      case .aiffFloat32: Int32(SF_FORMAT_AIFF | SF_FORMAT_FLOAT)
      case .wave64Float32: Int32(SF_FORMAT_W64 | SF_FORMAT_FLOAT)
      case .coreAudioFloat32: Int32(SF_FORMAT_CAF | SF_FORMAT_FLOAT)
      case .oggVorbis: Int32(SF_FORMAT_OGG | SF_FORMAT_VORBIS)
      case .waveInteger24: Int32(SF_FORMAT_WAV | SF_FORMAT_PCM_24)
      }
    }

    /// Whether sizes in the header are of 32 bits.
    fileprivate var endsAtFourGibibytes: Bool { [.waveFloat32, .waveInteger24, .aiffFloat32].contains(self) }
  }

  /// The path, or the name given instead.
  public let path: String
  /// How samples are stored.
  public let format: Format
  /// Frames per second.
  public let sampleRate: Double
  /// Number of channels.
  public let channelCount: Int
  /// Frames written so far.
  public private(set) var framesWritten = 0
  /// Samples beyond full scale that integers could not hold.
  public private(set) var clippedSampleCount = 0

  private let output: EncoderOutput
  private var file: OpaquePointer?

  /// Creates or replaces the file.
  ///
  /// - Parameters:
  ///   - path: the file to write.
  ///   - format: how samples are stored.
  ///   - sampleRate: frames per second.
  ///   - channelCount: number of channels, at least 1.
  ///   - comment: text kept in the file's metadata: how it was made.
  ///   - name: what errors call the file, where it is a temporary one.
  /// - Throws: ``AudioError/unwritable(path:reason:)`` when the path or the format's limits forbid it, and
  ///   ``AudioError/writeFailed(path:reason:)`` when the medium is full.
  public init(
    path: String, format: Format, sampleRate: Double, channelCount: Int, comment: String? = nil,
    name: String? = nil
  ) throws {
    let name = name ?? path
    precondition(channelCount > 0, "A file needs at least one channel, not \(channelCount)")
    var info = SF_INFO()
    info.samplerate = Int32(exactly: sampleRate.rounded()) ?? 0
    info.channels = Int32(channelCount)
    info.format = format.code
    guard Double(info.samplerate) == sampleRate, sf_format_check(&info) != 0 else {
      let reason = "\(format.rawValue) does not hold \(channelCount) channels at \(sampleRate) Hz"
      throw AudioError.unwritable(path: name, reason: reason)
    }
    output = try EncoderOutput(path: path, name: name)
    self.path = name
    self.format = format
    self.sampleRate = sampleRate
    self.channelCount = channelCount
    var callbacks = EncoderOutput.callbacks
    file = sf_open_virtual(
      &callbacks, Int32(SFM_WRITE), &info, Unmanaged.passUnretained(output).toOpaque())
    try output.check()
    guard file != nil else { throw AudioError.unwritable(path: name, reason: sndfileMessage(nil)) }
    // The PEAK chunk of a float WAV carries the time of writing: equal samples shall give equal files.
    sf_command(file, Int32(SFC_SET_ADD_PEAK_CHUNK), nil, 0)
    if let comment { sf_set_string(file, Int32(SF_STR_COMMENT), comment) }
  }

  deinit { if let file { sf_close(file) } }

  /// Appends frames.
  ///
  /// - Throws: ``AudioError`` when a sample is NaN or infinite (nothing of the block is written then), the medium
  ///   is full, or a WAV would exceed 4 GiB.
  public func write(_ block: AudioBuffer) throws {
    precondition(file != nil, "The writer of \(path) is finished")
    precondition(
      block.channelCount == channelCount && block.sampleRate == sampleRate,
      "A block of \(block.channelCount) channels at \(block.sampleRate) Hz does not fit \(path)")
    try block.checkFinite(source: path, firstFrame: framesWritten)
    if format.endsAtFourGibibytes, (framesWritten + block.frameCount) * channelCount * 4 > 0xFFFF_0000 {
      throw AudioError.writeFailed(
        path: path, reason: "\(format.rawValue.uppercased()) ends at 4 GiB: w64 and FLAC do not")
    }
    let blockFrames = 1 << 14
    for start in stride(from: 0, to: block.frameCount, by: blockFrames) {
      let frames = start..<min(start + blockFrames, block.frameCount)
      let written =
        switch format {
        case .waveFloat32, .aiffFloat32, .wave64Float32, .coreAudioFloat32, .oggVorbis:
          sf_writef_float(file, block.interleaved(frames) { $0 }, sf_count_t(frames.count))
        case .flac24, .waveInteger24:
          sf_writef_int(file, block.interleaved(frames, map: integer24), sf_count_t(frames.count))
        }
      try output.check()
      guard written == sf_count_t(frames.count) else {
        throw AudioError.writeFailed(path: path, reason: sndfileMessage(file))
      }
      framesWritten += frames.count
    }
  }

  /// Completes the header and closes the file. A file whose writer was not finished is not valid.
  ///
  /// - Throws: ``AudioError/writeFailed(path:reason:)`` when anything could not be stored.
  public func finish() throws {
    precondition(file != nil, "The writer of \(path) is finished")
    let status = sf_close(file)
    file = nil
    try output.finish()
    guard status == SF_ERR_NO_ERROR else {
      throw AudioError.writeFailed(path: path, reason: String(cString: sf_error_number(status)))
    }
  }

  /// Writes a whole buffer and finishes; returns the number of samples that were clipped.
  @discardableResult
  public static func write(
    _ audio: AudioBuffer, path: String, format: Format, comment: String? = nil
  ) throws -> Int {
    let writer = try AudioWriter(
      path: path, format: format, sampleRate: audio.sampleRate, channelCount: audio.channelCount, comment: comment)
    try writer.write(audio)
    try writer.finish()
    return writer.clippedSampleCount
  }

  /// A sample as the upper 24 bits that libsndfile takes from an integer.
  private func integer24(_ sample: Float) -> Int32 {
    let scaled = (sample * 0x1p23).rounded(.toNearestOrEven)
    let limited = min(max(scaled, -0x1p23), 0x1p23 - 1)
    if limited != scaled { clippedSampleCount += 1 }
    return Int32(limited) << 8
  }
}
