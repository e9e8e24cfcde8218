import ArgumentParser
import FXParams
import HDF5Store
import NumericCore
import PresetStore
import PriorKit

/// What a conditional prior is given: audio, or a row of features.
struct GivenOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Audio that a conditional prior is given; may be repeated.", valueName: "file"))
  var givenAudio: [String] = []

  @Option(name: .long, help: ArgumentHelp("A preset file whose /features are given instead.", valueName: "presets"))
  var features: String?

  @Option(within: 0...1_000_000_000, help: "Which row of --features, from 0.")
  var featuresRow: Int?

  func validate() throws {
    guard givenAudio.isEmpty || features == nil else {
      throw ValidationError("--given-audio and --features both say what is given: use one.")
    }
    guard featuresRow == nil || features != nil else {
      throw ValidationError("--features-row says which row of --features: name the file.")
    }
  }

  var isEmpty: Bool { givenAudio.isEmpty && features == nil }

  /// What a result depends on beside the files.
  var fingerprint: String { featuresRow.map { " features row \($0)" } ?? "" }

  /// The files that are given.
  var paths: [String] { givenAudio + (features.map { [$0] } ?? []) }

  /// Reads a prior of either kind; a conditional one becomes the prior given what was given.
  ///
  /// - Parameters:
  ///   - dry: what serves a prior over dry vocals where nothing was given.
  ///   - wet: what serves one over processed vocals.
  ///   - isNeeded: whether a condition must be of use here.
  /// - Throws: ``CommandError`` for a condition without use or none where it is needed.
  func prior(at path: String, isNeeded: Bool = true, dry: [String] = [], wet: [String] = [], console: Console)
    throws -> any Prior
  {
    guard try StoredKind(of: path) == .conditional else {
      let prior = try PriorFile.read(path)
      guard isEmpty || !isNeeded else {
        throw CommandError("\(path) is no conditional prior: leave out --given-audio and --features.")
      }
      return prior
    }
    let conditional = try ConditionalPriorFile.read(path)
    let features = try features(for: conditional, path: path, dry: dry, wet: wet, console: console)
    let strangeness = try conditional.strangeness(of: features)
    if strangeness > Self.strangenessLimit {
      console.warning(
        "The features are \(NumberText.short(strangeness, digits: 2)) times as far from the mean as those that \(path) was "
          + "fitted to: the prior is extrapolated, and an unconditional one may be better.")
    }
    return try conditional.prior(given: features)
  }

  /// Root mean square of the whitened features from which on a warning is due.
  private static let strangenessLimit = 2.0

  private func features(
    for prior: ConditionalPrior, path: String, dry: [String], wet: [String], console: Console
  ) throws -> [Double] {
    if let features { return try storedFeatures(features, for: prior) }
    guard let record = prior.featureRecord else {
      throw CommandError("\(path) does not tell how its features are made from audio: give them with --features.")
    }
    let audio = givenAudio.isEmpty ? (record.source == .dry ? dry : wet) : givenAudio
    guard !audio.isEmpty else {
      throw CommandError(
        "\(path) is a conditional prior: give it a \(record.source.rawValue) vocal with --given-audio, or --features."
      )
    }
    let kind = try record.encoderKind(path: path)
    return try AudioFeatures(record: record, kind: kind).features(ofFiles: audio, console: console)
  }

  private func storedFeatures(_ path: String, for prior: ConditionalPrior) throws -> [Double] {
    let presets = try PresetFile.read(path)
    let features = try presets.features(matching: prior, path: path)
    let row = featuresRow ?? 0
    guard row >= 0, row < features.rows else {
      throw CommandError(
        "--features-row is \(row) but \(path) has \(features.rows) rows: give 0 to \(features.rows - 1).")
    }
    return features.row(row)
  }
}

extension PresetCollection {
  /// The features of presets, if they are those that a conditional prior was fitted with.
  ///
  /// - Throws: ``ConditionalError`` if there are none, or others.
  func features(matching prior: ConditionalPrior, path: String) throws -> Matrix {
    guard let features, let names = featureNames else { throw ConditionalError.noFeatures(path: path) }
    if let found = featureRecord, let expected = prior.featureRecord, found != expected {
      throw ConditionalError.otherFeatures(path: path, found: found.summary, expected: expected.summary)
    }
    guard names.count == prior.featureNames.count else {
      throw ConditionalError.featureCount(found: names.count, expected: prior.featureNames.count)
    }
    if let index = names.indices.first(where: { names[$0] != prior.featureNames[$0] }) {
      throw ConditionalError.otherFeatures(path: path, found: names[index], expected: prior.featureNames[index])
    }
    return features
  }
}
