import AudioFiles
import FileOutput
import Foundation
public import PresetStore

/// The folder of a listening test: `configs/NAME.yaml` and its sounds, which go into a copy of webMUSHRA, and
/// `listening-test.json`, the key, which stays at home.
public struct ListeningTestFolder: Sendable {
  /// Where it is.
  public let path: String
  private let plan: ListeningTestPlan
  private let overwrite: Bool

  /// The name of the key.
  public static let keyName = "listening-test.json"
  /// What no sample exceeds: 1 dB below full scale, because players that resample go beyond samples.
  static let peakLimitDB = -1.0

  /// Checks before the work that every file can be written; the folder is made when there is something to write.
  ///
  /// - Throws: `OutputError` for a file that exists or cannot be written, ``WorkflowError`` for a folder that
  ///   cannot be made.
  public init(_ path: String, for plan: ListeningTestPlan, overwrite: Bool = false) throws {
    self.path = path
    self.plan = plan
    self.overwrite = overwrite
    try OutputFolder(path: path).check([Self.keyName], overwrite: overwrite)
    for file in files where FileManager.default.fileExists(atPath: path + "/" + file) {
      try OutputFile.check(path + "/" + file, overwrite: overwrite)
    }
  }

  private var configuration: String { "configs/\(plan.name).yaml" }

  /// Every file, relative to the folder.
  private var files: [String] {
    plan.pages.flatMap { [$0.reference.file] + $0.stimuli.map(\.file) } + [configuration, Self.keyName]
  }

  /// Cuts and matches every sound, then writes all files or none.
  ///
  /// - Throws: `AudioError` and ``WorkflowError`` for recordings that cannot be used, ``InterruptedError``, and
  ///   what writing throws.
  public func write(provenance: Provenance, monitor: some WorkMonitor = QuietMonitor()) throws {
    let measured = try measure(monitor)
    let peakDB = 20 * log10(measured.flatMap(\.sounds).map(\.peak).max() ?? 0)
    let reductionDB = max(0, peakDB - Self.peakLimitDB)
    let loudness = plan.loudnessLUFS - reductionDB
    if reductionDB > 0 {
      monitor.message(
        "The largest peak would be at \(NumberText.short(peakDB, digits: 3)) dB of full scale, so every sound is "
          + "lowered by \(NumberText.short(reductionDB, digits: 3)) dB, to \(NumberText.short(loudness)) LUFS.")
    }
    let key = ListeningTestKey(
      plan, measured, loudnessLUFS: loudness, reductionDB: reductionDB, provenance: provenance)
    try filling {
      let progress = monitor.progress("write", total: measured.count)
      defer { progress.finish() }
      for page in measured {
        try monitor.requireNotCancelled()
        for sound in page.sounds {
          let audio = try page.excerpt.sound(sound.stimulus).scaled(
            by: Float(sound.gain * pow(10, -reductionDB / 20)))
          let name = path + "/" + sound.stimulus.file
          try OutputFile.write(to: name, overwrite: overwrite) { temporary in
            _ = try AudioWriter.write(audio, path: temporary, format: .waveInteger24)
          }
        }
        progress.advance()
      }
      try write(try WebMUSHRAConfiguration(plan: plan).yaml(), to: configuration)
      try write(try JSONText.text(key), to: Self.keyName)
    }
    let tested = plan.pages.count { !$0.isTraining }
    monitor.message(
      "\(path): \(tested) page\(tested == 1 ? "" : "s") and \(plan.pages.count - tested) for practice, with "
        + "\(plan.pages[0].stimuli.count) sounds, the hidden reference and "
        + (plan.hasLowAnchor || plan.hasMidAnchor ? "filtered anchors" : "no filtered anchor")
        + ", of \(NumberText.short(plan.seconds)) s at \(NumberText.short(loudness)) LUFS")
  }

  // MARK: - Measuring

  /// A page with what its sounds need.
  struct MeasuredPage {
    let page: ListeningTestPlan.Page
    let excerpt: ListeningExcerpt
    /// The reference first.
    let sounds: [Sound]
  }

  /// A sound with the gain that brings it to the loudness, and its peak after that.
  struct Sound {
    let stimulus: ListeningTestPlan.Stimulus
    let gain: Double
    let peak: Double
  }

  private func measure(_ monitor: some WorkMonitor) throws -> [MeasuredPage] {
    let progress = monitor.progress("measure", total: plan.pages.count)
    defer { progress.finish() }
    return try plan.pages.map { page in
      try monitor.requireNotCancelled()
      let excerpt = try ListeningExcerpt(of: page, seconds: plan.seconds)
      let sounds = try ([page.reference] + page.stimuli).map { stimulus in
        let audio = try excerpt.sound(stimulus)
        let gain = try audio.gain(toLUFS: plan.loudnessLUFS, source: excerpt.label(stimulus))
        return Sound(stimulus: stimulus, gain: gain, peak: gain * Double(audio.peak))
      }
      progress.advance()
      return MeasuredPage(page: page, excerpt: excerpt, sounds: sounds)
    }
  }

  // MARK: - Writing

  private func write(_ text: String, to file: String) throws {
    try OutputFile.write(Data(text.utf8), to: path + "/" + file, overwrite: overwrite)
  }

  /// Makes the folders and runs `body`; if it fails, what is new is removed.
  private func filling(_ body: () throws -> Void) throws {
    let new = files.map { path + "/" + $0 }.filter { !FileManager.default.fileExists(atPath: $0) }
    var seen = Set<String>()
    let folders = files.map { ("\(path)/\($0)" as NSString).deletingLastPathComponent }
      .filter { seen.insert($0).inserted }
    var made: [String] = []
    do {
      for folder in folders { made = try OutputFolder(path: folder).make() + made }
      try body()
    } catch {
      for file in new { unlink(file) }
      OutputFolder.remove(made)
      throw error
    }
  }
}
