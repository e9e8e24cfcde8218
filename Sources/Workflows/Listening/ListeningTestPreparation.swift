import Evaluation
import NumericCore

/// A listening test to be made from an evaluation, for webMUSHRA.
public struct ListeningTestPreparation: Sendable {
  /// The evaluation.
  public var evaluation: EvaluatedTracks
  /// What is compared; where it is empty all methods of the evaluation, but for the dry track, which is there
  /// anyway.
  public var methods: [String] = []
  /// The stems that are heard; drawn where it is empty.
  public var stems: [String] = []
  /// How many tracks are drawn, songs before a second stem of one.
  public var count = Self.usualCount
  /// How many practice pages there are.
  public var trainingCount = Self.usualTrainingCount
  /// How long every sound is; webMUSHRA takes 12 s at most, as BS.1534 does.
  public var seconds = Self.usualSeconds
  /// What every sound is brought to.
  public var loudnessLUFS = Self.usualLoudnessLUFS
  /// Whether webMUSHRA makes an anchor of the reference by a low-pass filter at 3.5 kHz.
  public var hasLowAnchor = false
  /// Whether webMUSHRA makes one at 7 kHz.
  public var hasMidAnchor = false
  /// The name of the test; what cannot stand in a path is replaced.
  public var name: String
  /// Of the drawn tracks and the order of files.
  public var seed: UInt64 = 0

  /// ``count`` unless another is asked for.
  public static let usualCount = 10
  /// ``trainingCount`` unless another is asked for.
  public static let usualTrainingCount = 2
  /// ``seconds`` unless another is asked for.
  public static let usualSeconds = 10.0
  /// ``loudnessLUFS`` unless another is asked for: that of EBU R 128, which leaves room for peaks.
  public static let usualLoudnessLUFS = -23.0
  /// How many sounds listeners are given on a page, the hidden reference and anchors included, as BS.1534 says.
  public static let mostSounds = 12

  /// A test of a name on an evaluation.
  public init(of evaluation: EvaluatedTracks, name: String) {
    self.evaluation = evaluation
    self.name = name
  }

  /// Decides what stands on which page.
  ///
  /// - Parameter monitor: hears what the test cannot tell, and of tracks that are left out.
  /// - Throws: ``WorkflowError`` for methods or stems that the evaluation does not have, for missing recordings and
  ///   for more sounds than a page may hold.
  public func plan(monitor: some WorkMonitor = QuietMonitor()) throws -> ListeningTestPlan {
    let methods = try chosenMethods()
    let (tested, training) = try chosenTracks(methods, monitor)
    if let warning = AlphaZero.warning(of: methods, evaluated: evaluation.methods) { monitor.warning(warning) }
    let name = EvaluationAudio.fileName(name)
    func pages(_ tracks: [TrackName], isTraining: Bool, stream: Int) -> [ListeningTestPlan.Page] {
      tracks.enumerated().map { index, track in
        var source = RandomSource(seed: seed, stream: UInt64(stream + index))
        return page(track, isTraining, number: index + 1, methods, test: name, using: &source)
      }
    }
    return ListeningTestPlan(
      name: name,
      pages: pages(training, isTraining: true, stream: 1)
        + pages(tested, isTraining: false, stream: 1 + training.count),
      seconds: seconds, loudnessLUFS: loudnessLUFS, hasLowAnchor: hasLowAnchor, hasMidAnchor: hasMidAnchor,
      record: evaluation.record)
  }

  // MARK: - Methods

  private func chosenMethods() throws -> [String] {
    let methods = methods.isEmpty ? evaluation.methods.filter { EvaluationMethod($0) != .noEffect } : methods
    try requireKnown(methods, among: evaluation.methods, "method")
    if let dry = methods.first(where: { EvaluationMethod($0) == .noEffect }) {
      throw WorkflowError(
        .wrongContents, "Every page has the dry track already, as \(ListeningTestPlan.dry): leave \(dry) out.")
    }
    let reserved = [
      ListeningTestPlan.dry, ListeningTestPlan.reference, ListeningTestPlan.lowAnchor, ListeningTestPlan.midAnchor,
    ]
    let isUnusable = { (name: String) in
      reserved.contains(name) || name.contains { "'\"<>&".contains($0) || $0.isNewline }
    }
    if let bad = methods.first(where: isUnusable) {
      throw WorkflowError(
        .wrongContents, "A page cannot call a method \(bad): leave it out, or evaluate it under another name.")
    }
    let files = methods.map(EvaluationAudio.fileName)
    if let twice = files.indices.first(where: { files[..<$0].contains(files[$0]) }) {
      throw WorkflowError(
        .wrongContents,
        "The rendering of \(methods[twice]) has the file of another method, \(files[twice]).wav: leave one out.")
    }
    // The dry track and the hidden reference.
    let sounds = methods.count + 2 + (hasLowAnchor ? 1 : 0) + (hasMidAnchor ? 1 : 0)
    guard sounds <= Self.mostSounds else {
      throw WorkflowError(
        .wrongContents,
        "\(methods.count) methods make \(sounds) sounds a page but listeners are given \(Self.mostSounds) at most: "
          + "choose fewer methods or anchors.")
    }
    return methods
  }

  private func requireKnown(_ names: [String], among known: [String], _ what: String) throws {
    if let unknown = names.first(where: { !known.contains($0) }) {
      throw WorkflowError(
        .wrongContents,
        "The evaluation in \(evaluation.folder) has no \(what) \(unknown): it has \(known.joined(separator: ", "))."
      )
    }
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw WorkflowError(.wrongContents, "The \(what) \(names[twice]) is named twice: name it once.")
    }
  }

  // MARK: - Tracks

  private func chosenTracks(
    _ methods: [String], _ monitor: some WorkMonitor
  ) throws -> (tested: [TrackName], training: [TrackName]) {
    try requireKnown(stems, among: evaluation.tracks.map(\.stem), "stem")
    let named = stems.compactMap { stem in evaluation.tracks.first { $0.stem == stem } }
    for track in named { try requireRecordings(of: track, methods) }
    let complete = evaluation.tracks.filter { evaluation.missingRecording(of: $0, methods: methods) == nil }
    if complete.isEmpty { try requireRecordings(of: evaluation.tracks[0], methods) }
    if named.isEmpty, complete.count < evaluation.tracks.count {
      monitor.message(
        "\(evaluation.tracks.count - complete.count) of \(evaluation.tracks.count) tracks lack a recording and are "
          + "left out.")
    }
    let drawn = drawn(from: complete.filter { !named.contains($0) })
    // Tracks for practice are kept back where there are enough.
    let testedCount = max(1, min(count, drawn.count - trainingCount))
    let tested = named.isEmpty ? Array(drawn.prefix(testedCount)) : named
    var training = Array(drawn.dropFirst(named.isEmpty ? testedCount : 0).prefix(trainingCount))
    if training.count < trainingCount {
      let missing = trainingCount - training.count
      training += (0..<missing).map { tested[$0 % tested.count] }
      monitor.warning(
        "\(missing) of \(trainingCount) practice pages have a track of the test, for the evaluation has no others.")
    }
    return (tested, training)
  }

  private func requireRecordings(of track: TrackName, _ methods: [String]) throws {
    guard let missing = evaluation.missingRecording(of: track, methods: methods) else { return }
    throw WorkflowError(
      .noRenderings,
      "The evaluation in \(evaluation.folder) lacks a recording of \(track.stem), for there is no \(missing): "
        + "evaluate once more and keep the recordings.")
  }

  /// Tracks in random order, those of songs that came before at the end.
  private func drawn(from tracks: [TrackName]) -> [TrackName] {
    var source = RandomSource(seed: seed)
    // Sorted before the shuffle, so that the seed alone decides.
    let shuffled = tracks.sorted().shuffled(using: &source)
    var songs = Set<String>()
    let isFirst = shuffled.map { songs.insert($0.song).inserted }
    return zip(shuffled, isFirst).filter(\.1).map(\.0) + zip(shuffled, isFirst).filter { !$0.1 }.map(\.0)
  }

  // MARK: - Pages

  private func page(
    _ track: TrackName, _ isTraining: Bool, number: Int, _ methods: [String], test: String,
    using source: inout RandomSource
  ) -> ListeningTestPlan.Page {
    let id = (isTraining ? ListeningTestPlan.trainingPrefix : "trial_") + (number < 10 ? "0" : "") + String(number)
    let folder = "configs/resources/audio/\(test)/\(id)/"
    let run = evaluation.folder
    let sounds =
      methods.map { ($0, EvaluationAudio.rendering(run, track: track, method: $0)) }
      + [(ListeningTestPlan.dry, EvaluationAudio.input(run, track: track))]
    return ListeningTestPlan.Page(
      id: id, isTraining: isTraining, track: track,
      reference: .init(
        name: ListeningTestPlan.reference, source: EvaluationAudio.reference(run, track: track),
        file: folder + "reference.wav"),
      stimuli: sounds.shuffled(using: &source).enumerated().map { index, sound in
        .init(name: sound.0, source: sound.1, file: folder + "\(index + 1).wav")
      })
  }
}
