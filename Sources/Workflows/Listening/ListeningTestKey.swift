import Evaluation
import Foundation
import PresetStore

/// What `listening-test.json` holds: which sound is what, and how the test was made.
struct ListeningTestKey: Encodable {
  struct Sound: Encodable {
    let id: String
    let file: String
    let source: String
    /// What the recording was multiplied by, in dB.
    let gainDB: Double

    enum CodingKeys: String, CodingKey {
      case id, file, source
      case gainDB = "gain_db"
    }
  }

  struct Page: Encodable {
    let id: String
    let isTraining: Bool
    let song: String
    let stem: String
    let startSeconds: Double
    /// The reference first.
    let sounds: [Sound]

    enum CodingKeys: String, CodingKey {
      case id, song, stem, sounds
      case isTraining = "training"
      case startSeconds = "start_seconds"
    }
  }

  let kind = "priorkit listening test"
  let name: String
  let seconds: Double
  /// What every sound has.
  let loudnessLUFS: Double
  /// By how much all were lowered for the sake of peaks.
  let reductionDB: Double
  /// Those that webMUSHRA makes.
  let filteredAnchors: [String]
  let pages: [Page]
  let provenance: Provenance

  enum CodingKeys: String, CodingKey {
    case kind, name, seconds, pages, provenance
    case loudnessLUFS = "loudness_lufs"
    case reductionDB = "reduction_db"
    case filteredAnchors = "filtered_anchors"
  }

  init(
    _ plan: ListeningTestPlan, _ measured: [ListeningTestFolder.MeasuredPage], loudnessLUFS: Double,
    reductionDB: Double, provenance: Provenance
  ) {
    name = plan.name
    seconds = plan.seconds
    self.loudnessLUFS = loudnessLUFS
    self.reductionDB = reductionDB
    filteredAnchors =
      (plan.hasLowAnchor ? [ListeningTestPlan.lowAnchor] : [])
      + (plan.hasMidAnchor ? [ListeningTestPlan.midAnchor] : [])
    self.provenance = provenance
    pages = measured.map { measured in
      Page(
        id: measured.page.id, isTraining: measured.page.isTraining, song: measured.page.track.song,
        stem: measured.page.track.stem,
        startSeconds: Double(measured.excerpt.frames.lowerBound) / measured.excerpt.sampleRate,
        sounds: measured.sounds.map { sound in
          Sound(
            id: sound.stimulus.name, file: sound.stimulus.file, source: sound.stimulus.source,
            gainDB: 20 * log10(sound.gain) - reductionDB)
        })
    }
  }
}
