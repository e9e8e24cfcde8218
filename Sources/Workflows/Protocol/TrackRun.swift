import AudioFiles
import Evaluation
import FXParams

/// The methods of an evaluation on one track.
struct TrackRun {
  let evaluation: TrackEvaluation
  let metrics: TrackMetrics
  let store: EvaluationFolder
  /// Where audio is kept; nil to keep none.
  let folder: String?
  let threads: Int

  /// What recordings say of themselves.
  private static let comment = "priorkit evaluate"

  /// Prepares the track, and measures what each method chooses.
  ///
  /// - Throws: `AudioError` and others about the track, ``InterruptedError``, what the computations throw.
  func run(
    _ track: EvaluationTrack, _ methods: [(name: String, method: EvaluationMethod)], progress: any WorkProgress,
    monitor: some WorkMonitor
  ) throws {
    let context = evaluation.context
    let material = try TrackMaterial(
      track, chain: context.chain, segmenter: Segmenter(segmentSeconds: evaluation.segmentSeconds),
      limit: evaluation.maximumSegments, threads: threads)
    let target = try TrackMetrics.Target(material)
    if let folder {
      try material.wet.store(at: EvaluationAudio.reference(folder, track: track.name), comment: Self.comment)
      try material.dry.store(at: EvaluationAudio.input(folder, track: track.name), comment: Self.comment)
    }
    let clock = ContinuousClock()
    for (name, method) in methods {
      try monitor.requireNotCancelled()
      let begin = clock.now
      let choice = try method.choice(
        for: material, context: context, segmentSeconds: evaluation.segmentSeconds, threads: threads,
        monitor: monitor.silenced)
      let seconds = begin.duration(to: clock.now) / .seconds(1)
      let source = "\(name) on \(track.name.stem)"
      let theta: [Double]?
      let rendering: AudioBuffer
      switch choice {
      case .none(let reason):
        monitor.message("\(source) is left out: \(reason)")
        progress.advance(note: source)
        continue
      case .noEffect:
        theta = nil
        rendering = AudioBuffer(
          channels: [material.dry.channels[0], material.dry.channels[0]], sampleRate: material.dry.sampleRate)
      case .preset(let preset):
        theta = preset
        rendering = try context.chain.rendering(
          of: material.dry, logits: preset, threads: threads, source: source)
      }
      let values = try metrics.values(of: rendering, theta: theta, target: target, source: source)
      if let folder {
        try rendering.store(
          at: EvaluationAudio.rendering(folder, track: track.name, method: name), comment: Self.comment)
      }
      try store.append(
        EvaluationFolder.Row(
          score: ScoreRow(method: name, track: track.name, values: values), theta: theta, seconds: seconds))
      progress.advance(note: source)
    }
  }
}
