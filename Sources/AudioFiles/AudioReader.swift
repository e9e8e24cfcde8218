import CSndfile
import FileOutput
import Foundation

/// Reads an audio file, whole or block by block: WAV of any width, FLAC, and the other formats of libsndfile.
///
/// Integer samples of b bits are divided by 2^(b-1). Not thread safe: one reader belongs to one task.
public final class AudioReader {
  /// The path that the file was opened by.
  public let path: String
  /// Frames per second.
  public let sampleRate: Double
  /// Number of channels.
  public let channelCount: Int
  /// Frames in the file, at least 1.
  public let frameCount: Int
  /// The encoding in words, such as "Signed 24 bit PCM".
  public let encoding: String
  /// Frames read so far.
  public private(set) var position = 0

  private let file: OpaquePointer
  private let descriptor: Int32
  private let format: Int32
  /// Whether the decoder writes to standard error what it thinks of the file.
  private let isNoisy: Bool

  /// Rates that audio is recorded at. What is far from them is a header gone wrong, and resampling by such a ratio
  /// takes more memory than there is.
  static let sampleRates = 8_000.0...768_000.0

  /// Opens a file, or a pipe, which is taken in whole, and reads its header.
  ///
  /// - Throws: ``AudioError`` when it is missing, unreadable, not audio, empty, shorter than its header says, or at
  ///   a rate outside 8 to 768 kHz.
  public init(path: String) throws {
    let descriptor = try openedForReading(path)
    isNoisy = isMPEG(descriptor)
    do {
      var info = SF_INFO()
      // libsndfile 1.2.0 closes what it could not open, told to or not (its issue 949): it gets a descriptor of its
      // own.
      let duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
      guard duplicate >= 0 else { throw AudioError.unreadable(path: path, reason: systemMessage(errno)) }
      guard let file = Quiet.around(isNoisy, { sf_open_fd(duplicate, Int32(SFM_READ), &info, 1) }) else {
        throw AudioError.notAudio(path: path, reason: sndfileMessage(nil))
      }
      self.file = file
      self.descriptor = descriptor
      self.path = path
      sampleRate = Double(info.samplerate)
      channelCount = Int(info.channels)
      frameCount = Int(info.frames)
      encoding = encodingName(info.format)
      format = info.format
    } catch {
      close(descriptor)
      throw error
    }
    guard Self.sampleRates.contains(sampleRate) else {
      throw AudioError.unusualRate(path: path, sampleRate: sampleRate)
    }
    try requireWhole()
    guard frameCount > 0 else { throw AudioError.empty(path: path) }
    // libsndfile's mark of a FLAC that was written to a pipe.
    guard frameCount < Int.max else {
      throw AudioError.notAudio(path: path, reason: "its header does not tell the length")
    }
  }

  /// Throws for a file that has fewer bytes than its header announces.
  private func requireWhole() throws {
    var status = stat()
    guard let declared = DeclaredLength(FileBytes(descriptor: descriptor)), fstat(descriptor, &status) == 0 else {
      return
    }
    let missing = declared.missing(in: Int(status.st_size))
    guard missing > 0 else { return }
    let present = declared.byteCount - missing
    let expected =
      if let width = bytesPerSample(format) {
        declared.byteCount / (width * channelCount)
      } else {
        // Frames are spread over the bytes about evenly.
        present > 0 ? Int(Double(frameCount) * Double(declared.byteCount) / Double(present)) : declared.byteCount
      }
    throw AudioError.truncated(path: path, expectedFrames: max(expected, frameCount + 1), foundFrames: frameCount)
  }

  deinit {
    sf_close(file)
    close(descriptor)
  }

  /// The next frames, at most `frames` of them, or nil at the end.
  ///
  /// - Throws: ``AudioError`` when the file ends early, cannot be decoded, or holds NaN or infinity.
  public func readBlock(frames: Int) throws -> AudioBuffer? {
    precondition(frames > 0, "A block needs at least one frame, not \(frames)")
    let wanted = min(frames, frameCount - position)
    guard wanted > 0 else { return nil }
    var interleaved = [Float](repeating: 0, count: wanted * channelCount)
    let found = Quiet.around(isNoisy) { Int(sf_readf_float(file, &interleaved, sf_count_t(wanted))) }
    guard found == wanted else {
      // Where the file ends, a decoder that lost its way has met the cut, not damage.
      if sf_error(file) != SF_ERR_NO_ERROR, !isAtEnd {
        throw AudioError.readFailed(path: path, frame: position + max(found, 0), reason: sndfileMessage(file))
      }
      throw AudioError.truncated(path: path, expectedFrames: frameCount, foundFrames: position + max(found, 0))
    }
    let block = AudioBuffer(interleaved: interleaved, channelCount: channelCount, sampleRate: sampleRate)
    try block.checkFinite(source: path, firstFrame: position)
    position += found
    return block
  }

  /// Whether the decoder has consumed every byte of a regular file.
  private var isAtEnd: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && lseek(descriptor, 0, SEEK_CUR) == status.st_size
  }

  /// All frames that have not been read yet.
  ///
  /// - Throws: as ``readBlock(frames:)``.
  public func readAll() throws -> AudioBuffer {
    var channels = [[Float]](repeating: [], count: channelCount)
    // What the header announces is reserved up to a minute or so; the rest grows as it comes.
    for channel in channels.indices { channels[channel].reserveCapacity(min(frameCount - position, 1 << 22)) }
    while let block = try readBlock(frames: 1 << 16) {
      for channel in channels.indices { channels[channel] += block.channels[channel] }
    }
    return AudioBuffer(channels: channels, sampleRate: sampleRate)
  }

  /// Opens a file and reads all of it.
  public static func read(path: String) throws -> AudioBuffer { try AudioReader(path: path).readAll() }
}
