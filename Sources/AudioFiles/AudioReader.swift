import CSndfile
import Foundation

/// Reads an audio file, whole or block by block: WAV of any width, FLAC, and whatever else libsndfile decodes.
///
/// Integer samples of b bits are divided by 2^(b-1). Not thread safe: one reader belongs to one task.
public final class AudioReader {
  public let path: String
  /// Frames a second.
  public let sampleRate: Double
  public let channelCount: Int
  /// Frames in the file, at least 1.
  public let frameCount: Int
  /// The encoding in words, such as "Signed 24 bit PCM".
  public let encoding: String
  /// Frames read so far.
  public private(set) var position = 0

  private let file: OpaquePointer
  private let descriptor: Int32

  /// Opens a file and reads its header.
  ///
  /// - Throws: ``AudioError`` when it is missing, unreadable, not audio, empty, or shorter than its header says.
  public init(path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT ? AudioError.missing(path: path) : .unreadable(path: path, reason: systemMessage(errno))
    }
    do {
      try checkReadable(descriptor, path: path)
      var info = SF_INFO()
      guard let file = sf_open_fd(descriptor, Int32(SFM_READ), &info, 0) else {
        throw AudioError.notAudio(path: path, reason: sndfileMessage(nil))
      }
      self.file = file
      self.descriptor = descriptor
      self.path = path
      sampleRate = Double(info.samplerate)
      channelCount = Int(info.channels)
      frameCount = Int(info.frames)
      encoding = encodingName(info.format)
    } catch {
      close(descriptor)
      throw error
    }
    if let declared = declaredWaveFrames(descriptor), declared > frameCount {
      throw AudioError.truncated(path: path, expectedFrames: declared, foundFrames: frameCount)
    }
    guard frameCount > 0 else { throw AudioError.empty(path: path) }
    // libsndfile's mark of a FLAC that was written to a pipe.
    guard frameCount < Int.max else {
      throw AudioError.notAudio(path: path, reason: "its header does not tell the length")
    }
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
    let found = Int(sf_readf_float(file, &interleaved, sf_count_t(wanted)))
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
    for channel in channels.indices { channels[channel].reserveCapacity(frameCount - position) }
    while let block = try readBlock(frames: 1 << 16) {
      for channel in channels.indices { channels[channel] += block.channels[channel] }
    }
    return AudioBuffer(channels: channels, sampleRate: sampleRate)
  }

  /// Opens a file and reads all of it.
  public static func read(path: String) throws -> AudioBuffer { try AudioReader(path: path).readAll() }
}
