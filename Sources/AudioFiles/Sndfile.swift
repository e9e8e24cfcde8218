import CSndfile
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

/// Throws for a folder, which opens but does not read, and for a file without a byte.
func checkReadable(_ descriptor: Int32, path: String) throws {
  var status = stat()
  guard fstat(descriptor, &status) == 0 else {
    throw AudioError.unreadable(path: path, reason: systemMessage(errno))
  }
  guard status.st_mode & S_IFMT != S_IFDIR else {
    throw AudioError.unreadable(path: path, reason: "it is a folder")
  }
  if status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 { throw AudioError.empty(path: path) }
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
