import AudioFiles
import Evaluation
import FXParams
import Inference
import NumericCore
import PresetRegression
import PresetStore
import PriorKit
import StyleFeatures

/// What a method chose for a track.
enum MethodChoice {
  /// A preset [D].
  case preset([Double])
  /// The dry vocal as it is.
  case noEffect
  /// Nothing, for a reason in one sentence.
  case none(String)
}

extension EvaluationMethod {
  /// The choice for a track.
  ///
  /// - Parameters:
  ///   - material: the track.
  ///   - context: holds what the method needs.
  ///   - segmentSeconds: the length of the material's segments.
  ///   - threads: most threads to use; the choice does not depend on them.
  ///   - monitor: says when to stop.
  /// - Throws: what the method's computations throw, ``InterruptedError``.
  func choice(
    for material: TrackMaterial, context: MethodContext, segmentSeconds: Double, threads: Int,
    monitor: some WorkMonitor
  ) throws -> MethodChoice {
    if needsSegments, let shortage = material.shortage { return .none(shortage) }
    if needsPreset, material.track.preset == nil { return .none("The preset of this track is not known.") }
    func transfer(
      _ prior: Prior, _ encoder: String, _ alpha: Double, _ search: Search
    ) throws -> MethodChoice {
      var settings = StyleSettings()
      settings.encoder = try context.encoder(named: encoder)
      settings.alpha = alpha
      settings.segmentSeconds = segmentSeconds
      let problem = StyleProblem(
        prior: prior, references: [material.recording(material.references)],
        inputs: [material.recording(material.inputs)], settings: settings)
      var transfer = StyleTransfer(problem, method: search.method)
      transfer.stepLimit = search.stepLimit
      transfer.threads = threads
      transfer.seed = context.seed
      return .preset(try transfer.run(monitor: monitor).point.theta)
    }
    switch self {
    case .oracle: return .preset(material.track.preset ?? [])
    case .mean:
      guard let prior = context.prior else { return .none("There is no prior.") }
      return .preset(prior.mean)
    case .noEffect: return .noEffect
    case .nearestParameters: return nearestParameters(to: material.track.preset ?? [], context)
    case .nearestStyle(let encoder):
      guard let collection = context.collection else { return .none("There is no collection to choose from.") }
      let ranking = try StyleRanking(
        of: collection, encoder: try context.encoder(named: encoder), references: material.referenceSegments,
        inputs: material.inputSegments, cache: context.cache, threads: threads, monitor: monitor)
      return ranking.order.first.map { .preset(collection.theta.row($0)) }
        ?? .none("No preset of the collection has a rendering that can be compared.")
    case .conditional(let path):
      guard let prior = context.conditional[path] else { return .none("\(path) was not read.") }
      return .preset(
        try prior.prior(
          given: material.features(for: prior, path: path, context, threads: threads, monitor: monitor)
        ).mean)
    case .regression(let path):
      guard let model = context.regression[path] else { return .none("\(path) was not read.") }
      let logits = try material.references.map { segment in
        // As the segments were that it was trained on.
        let levelled = model.loudnessLUFS.flatMap { try? segment.normalised(toLUFS: $0) } ?? segment
        return try model.logits(left: levelled.channels[0], right: levelled.channels[1])
      }
      // The mean over segments, as published.
      return .preset(SegmentEmbedder.mean(logits))
    case .transfer(let encoder, let alpha, let search):
      guard let prior = context.prior else { return .none("There is no prior.") }
      return try transfer(prior, encoder, alpha, search)
    case .conditionalTransfer(let path, let encoder, let alpha, let search):
      guard let prior = context.conditional[path] else { return .none("\(path) was not read.") }
      let features = try material.features(for: prior, path: path, context, threads: threads, monitor: monitor)
      return try transfer(prior.prior(given: features), encoder, alpha, search)
    }
  }

  private func nearestParameters(to preset: [Double], _ context: MethodContext) -> MethodChoice {
    guard let collection = context.collection, collection.count > 0 else {
      return .none("There is no collection to choose from.")
    }
    let distances = (0..<collection.count).map {
      ParameterDistance.meanSquaredError(collection.theta.row($0), preset)
    }
    let nearest = distances.indices.min { distances[$0] < distances[$1] } ?? 0
    return .preset(collection.theta.row(nearest))
  }
}

extension MethodContext {
  /// - Throws: ``WorkflowError`` for one that was not loaded.
  fileprivate func encoder(named name: String) throws -> StyleEncoderKind {
    guard let encoder = encoders[name] ?? StyleEncoders.standard[name] else {
      throw WorkflowError(.wrongContents, "There is no encoder \(name): load it before the evaluation.")
    }
    return encoder
  }
}

extension TrackMaterial {
  /// Segments as a style problem takes them.
  fileprivate func recording(_ segments: [AudioBuffer]) -> StyleProblem.Recording {
    StyleProblem.Recording(path: track.name.stem, gain: 1, segments: segments)
  }

  /// The features that a conditional prior is given: those of the reference, or of the input if it is conditional
  /// on dry vocals, cut as the prior's features were.
  fileprivate func features(
    for prior: ConditionalPrior, path: String, _ context: MethodContext, threads: Int,
    monitor: some WorkMonitor
  ) throws -> [Double] {
    guard let record = prior.featureRecord else {
      throw WorkflowError(
        .missingCondition, "\(path) does not tell how its features are made from audio: fit it to such features.")
    }
    let encoders = context.encoders.values.reduce(StyleEncoders.describing) { $0.adding($1) }
    let features = try AudioFeatures(record: record, encoders: encoders, path: path)
    let segmenter = Segmenter(segmentSeconds: record.segmentSeconds)
    let parts = (record.source == .dry ? inputs : references).flatMap { segment in
      segmenter.activeSegments(of: segment).map(\.audio)
    }
    let levelled = parts.map { part in
      guard record.source == .wet, let target = record.loudnessLUFS else { return part }
      return (try? part.normalised(toLUFS: target)) ?? part
    }
    guard !levelled.isEmpty else { throw AudioError.silent(source: track.name.stem) }
    let found = try features.features(
      of: levelled, embedder: SegmentEmbedder(kind: features.kind, sampleRate: record.sampleRate))
    guard record.anchors != nil else { return found }
    let voice = inputs.flatMap { segmenter.activeSegments(of: $0).map { $0.audio.channels[0] } }
    let baseline = VoiceBaseline(record: record, chain: prior.chain, kind: features.kind, threads: threads)
    return found.relative(
      to: try context.baselines.features(owner: path, chain: prior.chain, segments: voice) {
        try baseline.features(of: voice, source: track.name.stem, monitor: monitor)
      })
  }
}
