import AudioFiles

/// How a pair of recordings is prepared for a retrieval. The defaults are those by which the DiffVox presets were
/// found (SonyResearch/diffvox).
public struct RetrievalSettings: Sendable, Hashable {
  /// Length of a chunk.
  public var chunkSeconds = 12.0
  /// The beginning of a chunk that is rendered and not measured; the next chunk begins so much before its end.
  public var warmUpSeconds = 5.0
  /// The peak of the processed recording, over what is measured, above which a chunk counts, in dB.
  public var activePeakDB = -60.0
  /// Chunks that are used, evenly spaced over all that count; nil for all of them.
  public var maximumChunks: Int?
  /// What both recordings are brought to: the preset is then one for dry vocals of this loudness.
  public var targetLUFS = AudioPreparation.standardLUFS
  /// Whether pairs that are doubtful to belong together are refused.
  public var refusesDoubtful = false

  /// The published settings.
  public init() {}

  /// Everything that the chunks depend on here, in one line.
  package var text: String {
    "chunks \(chunkSeconds) s warm-up \(warmUpSeconds) s peak \(activePeakDB) dB loudness \(targetLUFS)"
      + (maximumChunks.map { " at most \($0) chunks" } ?? "")
  }

  /// Frame ranges of the chunks of a recording, and the frames of their warm-up.
  ///
  /// A recording shorter than a chunk is one chunk without warm-up: before it there was silence.
  package func ranges(frameCount: Int, sampleRate: Double) -> (chunks: [Range<Int>], warmUp: Int) {
    let (length, warmUp) = (Int(chunkSeconds * sampleRate), Int(warmUpSeconds * sampleRate))
    guard frameCount >= length else { return (frameCount > 0 ? [0..<frameCount] : [], 0) }
    let starts = stride(from: 0, through: frameCount - length, by: max(1, length - warmUp))
    return (starts.map { $0..<$0 + length }, warmUp)
  }
}
