import AudioFiles
import HDF5Store
import NumericCore
import PresetStore
public import PriorKit
public import StyleFeatures

/// What a conditional prior is given: recordings, or a row of features.
public struct GivenFeatures: Sendable {
  /// Recordings, whose features are made as the prior's were.
  public var recordings: [String] = []
  /// Dry vocals of the same voice, for features relative to it; where there are none, those of the problem.
  public var voice: [String] = []
  /// A preset file whose features are given instead.
  public var features: String?
  /// Which row of ``features``, from 0.
  public var row = 0
  /// Encoders that recordings can be described by: those without weights, unless others are added.
  public var encoders = StyleEncoders.describing

  /// Most threads to use; the result does not depend on them.
  public var threads = 1

  /// Nothing, unless it is named.
  public init(recordings: [String] = [], features: String? = nil, row: Int = 0) {
    (self.recordings, self.features, self.row) = (recordings, features, row)
  }

  /// Whether nothing is given.
  public var isEmpty: Bool { recordings.isEmpty && features == nil && voice.isEmpty }

  /// The files that are given.
  public var paths: [String] { recordings + voice + (features.map { [$0] } ?? []) }

  /// Reads a prior of either kind; a conditional one becomes the prior given what was given.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - isNeeded: whether what is given must be of use here.
  ///   - acceptsVaryingShape: whether the prior may be one of presets of varying shape.
  ///   - dry: what serves a prior over dry vocals where nothing was given.
  ///   - wet: what serves one over processed vocals.
  ///   - monitor: is warned of features unlike those that the prior was fitted to.
  /// - Throws: ``WorkflowError`` for a condition without use or none where it is needed; what reading throws.
  public func prior(
    at path: String, isNeeded: Bool = true, acceptsVaryingShape: Bool = false, dry: [String] = [],
    wet: [String] = [], monitor: some WorkMonitor = QuietMonitor()
  ) throws -> Prior {
    guard try StoredKind(of: path) == .conditional else {
      let prior = try PriorFile.read(path, acceptsVaryingShape: acceptsVaryingShape)
      guard isEmpty || !isNeeded else {
        throw WorkflowError(
          .needlessCondition, "\(path) is no conditional prior: leave out the recording or the features given.")
      }
      return prior
    }
    let conditional = try ConditionalPriorFile.read(path)
    let features = try values(for: conditional, path: path, dry: dry, wet: wet, monitor: monitor)
    if let sentence = try Self.doubt(about: features, conditional, path) { monitor.warning(sentence) }
    let prior = try conditional.prior(given: features)
    if let sentence = Self.doubt(about: prior.distribution, path) { monitor.warning(sentence) }
    return prior
  }

  private func values(
    for prior: ConditionalPrior, path: String, dry: [String], wet: [String], monitor: some WorkMonitor
  ) throws -> [Double] {
    if let features { return try storedFeatures(features, for: prior) }
    guard let record = prior.featureRecord else {
      throw WorkflowError(
        .missingCondition, "\(path) does not tell how its features are made from audio: give features instead.")
    }
    let audio = recordings.isEmpty ? (record.source == .dry ? dry : wet) : recordings
    guard !audio.isEmpty else {
      throw WorkflowError(
        .missingCondition,
        "\(path) is a conditional prior: give it a \(record.source.rawValue) vocal, or features.")
    }
    let maker = try AudioFeatures(record: record, encoders: encoders, path: path)
    let features = try maker.features(ofFiles: audio, monitor: monitor)
    guard record.anchors != nil else {
      guard voice.isEmpty else {
        throw WorkflowError(
          .needlessCondition, "\(path) does not look at the dry vocal of a reference: leave out \(voice[0]).")
      }
      return features
    }
    let vocals = voice.isEmpty ? dry : voice
    if voice.isEmpty, let first = dry.first {
      monitor.message("\(first) is taken for a dry vocal of the voice in \(audio[0])")
    }
    guard !vocals.isEmpty else {
      throw WorkflowError(
        .missingCondition, "\(path) takes features relative to the voice: also give a dry vocal of that voice.")
    }
    // Dry vocals are read as those of dry features are.
    var dryRecord = record
    dryRecord.source = .dry
    let reader = AudioFeatures(record: dryRecord, kind: maker.kind)
    let segments = try vocals.flatMap { path in
      let (own, messages) = try reader.segments(of: path)
      messages.forEach(monitor.message)
      return own.map { $0.channels[0] }
    }
    return features.relative(
      to: try VoiceBaseline(record: record, chain: prior.chain, kind: maker.kind, threads: threads).features(
        of: segments, source: vocals[0], monitor: monitor))
  }

  private func storedFeatures(_ path: String, for prior: ConditionalPrior) throws -> [Double] {
    let features = try PresetFile.read(path).features(matching: prior, path: path)
    guard row >= 0, row < features.rows else {
      throw WorkflowError(
        .wrongContents,
        "Row \(row) of the features of \(path) is asked for, which has \(features.rows): give 0 to "
          + "\(features.rows - 1).")
    }
    return features.row(row)
  }
}
