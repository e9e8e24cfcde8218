import ArgumentParser
import AudioFiles
import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore
import StyleFeatures

/// `priorkit features`: presets with a description of the vocal that each belongs to.
struct Features: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Add features of recordings to presets, for conditional priors.",
    discussion: """
      EXAMPLES:
        priorkit features presets.h5 --audio-list list.csv --audio-root audio \\
          -o with-features.h5
        priorkit features presets.h5 --diffvox diffvox/presets/medleydb \\
          --audio-root MedleyDB --skip-missing -o with-features.h5
        priorkit fit with-features.h5 --given features -o conditional.h5

      The list has the columns label (or row, from 0), file and, if the file is to
      be moved to the right, shift in frames. Each recording is read, normalised
      to -18 LUFS, cut into segments, and the embeddings of the active ones are
      averaged: the mid embedding of a dry vocal (as mono), mid and side with
      --wet.
      """)

  @Argument(help: "The preset file.")
  var presets: String

  @Option(name: .long, help: ArgumentHelp("Which recording belongs to which preset.", valueName: "csv"))
  var audioList: String?

  @Option(name: .long, help: ArgumentHelp("A DiffVox folder, whose info.json has the list.", valueName: "folder"))
  var diffvox: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Where the files are: the longest end of each name that exists there.", valueName: "folder"))
  var audioRoot: String?

  @Flag(name: .long, help: "The recordings are processed vocals, in stereo, not dry ones.")
  var wet = false

  @Option(name: .long, help: StyleEncoderKind.help)
  var encoder: StyleEncoderKind = .mfcc

  @Option(within: 0.01...86_400, help: "Length of the segments; a shorter file is one segment.")
  var segmentSeconds = 11.0

  @Flag(name: .long, help: "Leave out presets whose recording is missing or silent.")
  var skipMissing = false

  @Option(name: .long, help: ArgumentHelp("A file to go on from after an interruption.", valueName: "file"))
  var checkpoint: String?

  @OptionGroup var output: OutputOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (audioList == nil) != (diffvox == nil) else {
      throw ValidationError("Name the recordings by one of --audio-list and --diffvox.")
    }
  }

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let collection = try PresetFile.read(presets)
    let record = FeatureRecord(
      encoder: encoder.rawValue, source: wet ? .wet : .dry, sampleRate: collection.chain.sampleRate,
      loudnessLUFS: Simulate.targetLUFS, segmentSeconds: segmentSeconds)
    let list = try list(collection, source: record.source)
    let recordings = try PresetRecordings(list, of: collection, root: audioRoot)
    if let sentence = recordings.missingSentence {
      guard skipMissing else { throw CommandError(sentence + ": correct the list, or use --skip-missing.") }
      global.console.warning(sentence + " and left out.")
    }
    guard !recordings.found.isEmpty else { throw CommandError("No recording of \(presets) is there.") }
    let provenance = try Provenance.ofThisCommand(
      inputs: [presets] + [audioList, diffvox.map { $0 + "/info.json" }].compactMap { $0 } + recordings.paths)
    let rows = try rows(of: recordings.found, record: record, provenance: provenance)
    try save(rows, of: recordings.found, collection, record: record, provenance: provenance)
  }

  private func list(_ collection: PresetCollection, source: FeatureRecord.Source) throws -> AudioList {
    if let audioList { return try AudioList(csv: audioList, presets: collection) }
    return try AudioList(diffVoxFolder: diffvox ?? "", source: source, presets: collection)
  }

  private func rows(
    of recordings: [PresetRecordings.Recording], record: FeatureRecord, provenance: Provenance
  ) throws -> [FeatureRows.Row] {
    let (encoder, skipMissing, console) = (encoder, skipMissing, global.console)
    let work = FeatureRows(
      title: "features", count: recordings.count, featureCount: record.names(encoder).count, checkpoint: checkpoint,
      problem: "\(record.summary) skip \(skipMissing) "
        + "shifts \(recordings.map { String($0.shiftFrames) }.joined(separator: " ")) "
        + provenance.inputs.map(\.sha256).joined(separator: " "),
      threads: parallel.count, console: console)
    return try work.compute {
      SegmentEmbedder(kind: encoder, sampleRate: record.sampleRate)
    } _: { index, embedder in
      let features = AudioFeatures(record: record, kind: encoder)
      let recording = recordings[index]
      do {
        let audio = try features.segments(of: recording.path, shiftFrames: recording.shiftFrames)
        return .features(try features.features(of: audio.segments, embedder: embedder))
      } catch let error as AudioError where skipMissing {
        console.warning("\(error) Preset \(recording.label) is left out.")
        return .skipped
      }
    }
  }

  private func save(
    _ rows: [FeatureRows.Row], of recordings: [PresetRecordings.Recording], _ collection: PresetCollection,
    record: FeatureRecord, provenance: Provenance
  ) throws {
    var kept: [Int] = []
    var values: [Double] = []
    for (recording, row) in zip(recordings, rows) {
      guard case .features(let features) = row else { continue }
      kept.append(recording.row)
      values += features
    }
    guard !kept.isEmpty else { throw CommandError("No recording of \(presets) can be used.") }
    var result = collection.selecting(rows: kept)
    let names = record.names(encoder)
    result.features = Matrix(rows: kept.count, columns: names.count, values: values)
    result.featureNames = names
    result.featureRecord = record
    try result.save(to: output, provenance: provenance, console: global.console)
  }
}
