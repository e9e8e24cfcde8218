import CSndfile
import FileOutput
import Foundation

// What the reader and the writer share: messages, names, and the layout of samples.

/// The text of a POSIX error code.
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }

/// libsndfile's text for the last error of a file, or of opening one, as a clause.
func sndfileMessage(_ file: OpaquePointer?) -> String {
  let text = String(cString: sf_strerror(file)).split(whereSeparator: \.isNewline).joined(separator: ", ")
    .replacingOccurrences(of: "Error : ", with: "")
  let clause = text.hasSuffix(".") ? String(text.dropLast()) : text
  return clause.prefix(1).lowercased() + clause.dropFirst()
}

/// The name of the sample encoding within a format.
func encodingName(_ format: Int32) -> String {
  var info = SF_FORMAT_INFO()
  info.format = format & Int32(SF_FORMAT_SUBMASK)
  let status = sf_command(nil, Int32(SFC_GET_FORMAT_INFO), &info, Int32(MemoryLayout<SF_FORMAT_INFO>.size))
  return status == 0 && info.name != nil ? String(cString: info.name) : "unknown encoding"
}

/// Bytes of a sample that is stored by itself; nil for encodings that store several together.
func bytesPerSample(_ format: Int32) -> Int? {
  switch format & Int32(SF_FORMAT_SUBMASK) {
  case Int32(SF_FORMAT_PCM_S8), Int32(SF_FORMAT_PCM_U8), Int32(SF_FORMAT_ULAW), Int32(SF_FORMAT_ALAW): 1
  case Int32(SF_FORMAT_PCM_16): 2
  case Int32(SF_FORMAT_PCM_24): 3
  case Int32(SF_FORMAT_PCM_32), Int32(SF_FORMAT_FLOAT): 4
  case Int32(SF_FORMAT_DOUBLE): 8
  default: nil
  }
}

/// A descriptor to read audio from: that of the file, or of a temporary one that holds what came through a pipe,
/// since most containers are not read from the beginning to the end.
///
/// - Throws: ``AudioError`` for what cannot be opened, a folder, which opens but does not read, and a file without
///   a byte.
func openedForReading(_ path: String) throws -> Int32 {
  if FileContents.isPipe(path) { return try spooled(path) }
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw errno == ENOENT ? AudioError.missing(path: path) : .unreadable(path: path, reason: systemMessage(errno))
  }
  var status = stat()
  let failure: AudioError? =
    if fstat(descriptor, &status) != 0 {
      .unreadable(path: path, reason: systemMessage(errno))
    } else if status.st_mode & S_IFMT == S_IFDIR {
      .unreadable(path: path, reason: "it is a folder")
    } else {
      status.st_size == 0 ? .empty(path: path) : nil
    }
  guard let failure else { return descriptor }
  close(descriptor)
  throw failure
}

private func spooled(_ path: String) throws -> Int32 {
  let data: Data
  do { data = try FileContents.data(ofFile: path) } catch {
    throw AudioError.unreadable(path: path, reason: "it is a pipe: \(error)")
  }
  guard !data.isEmpty else { throw AudioError.empty(path: path) }
  guard let file = tmpfile() else { throw AudioError.unreadable(path: path, reason: systemMessage(errno)) }
  defer { fclose(file) }
  let written = data.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
  let descriptor = written == data.count && fflush(file) == 0 ? fcntl(fileno(file), F_DUPFD_CLOEXEC, 0) : -1
  guard descriptor >= 0 else { throw AudioError.unreadable(path: path, reason: systemMessage(errno)) }
  lseek(descriptor, 0, SEEK_SET)
  return descriptor
}

/// Whether a file looks like MPEG audio: a tag, or the first bits of a frame.
func isMPEG(_ descriptor: Int32) -> Bool {
  let bytes = FileBytes(descriptor: descriptor)
  guard let head = bytes.integer(at: 0, width: 2, isBig: true) else { return false }
  return bytes.text(at: 0, count: 3) == "ID3" || head & 0xFFE0 == 0xFFE0
}

extension AudioBuffer {
  /// Splits frames of interleaved samples into channels.
  init(interleaved: [Float], channelCount: Int, sampleRate: Double) {
    let frames = interleaved.count / channelCount
    let channels = (0..<channelCount).map { channel in
      [Float](unsafeUninitializedCapacity: frames) { samples, count in
        for frame in 0..<frames {
          samples.initializeElement(at: frame, to: interleaved[frame * channelCount + channel])
        }
        count = frames
      }
    }
    self.init(channels: channels, sampleRate: sampleRate)
  }

  /// The samples of some frames, frame by frame, each passed through a map.
  func interleaved<Sample>(_ frames: Range<Int>, map: (Float) -> Sample) -> [Sample] {
    var samples = [Sample]()
    samples.reserveCapacity(frames.count * channelCount)
    for frame in frames {
      for channel in channels { samples.append(map(channel[frame])) }
    }
    return samples
  }
}
