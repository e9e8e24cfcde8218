import NeuralCore
import NumericCore
import PresetRegression

/// The loop over epochs and batches of ``RegressionTraining``. Which segments a batch has follows from seed and
/// epoch alone, so that an interrupted run goes on bit for bit.
struct EpochLoop<Monitor: WorkMonitor> {
  private let training: RegressionTraining
  private let examples: RegressionExamples
  private let targets: RegressionTargets
  private let checkpoint: String?
  private let monitor: Monitor
  private(set) var state: RegressionState
  private var lastWrite = ContinuousClock.now

  private var trainer: SequenceTrainer { state.trainer }

  init(
    training: RegressionTraining, examples: RegressionExamples, targets: RegressionTargets,
    configuration: SequenceConfiguration, checkpoint: String?, problem: String, monitor: Monitor
  ) throws {
    (self.training, self.examples, self.targets) = (training, examples, targets)
    (self.checkpoint, self.monitor) = (checkpoint, monitor)
    let capacity = min(training.batchSize, max(targets.training.count, targets.validation.count))
    let steps = RegressionFeatures.stepCount(frameCount: examples.frameCount)
    let team = ThreadTeam(threads: training.threads)
    func makeTrainer(_ weights: SequenceWeights) -> SequenceTrainer {
      SequenceTrainer(weights, capacity: capacity, steps: steps, settings: training.optimiser, team: team)
    }
    let resumed = try checkpoint.flatMap {
      try RegressionState.resumed(
        from: $0, problem: problem, configuration: configuration, makeTrainer: makeTrainer)
    }
    if let resumed, let checkpoint {
      monitor.message("\(checkpoint): going on after \(resumed.position.stepCount) steps")
      state = resumed
    } else {
      var source = RandomSource(seed: training.seed, stream: 1 << 33)
      let weights = SequenceWeights(configuration, using: &source)
      state = RegressionState(
        position: .init(problem: problem), trainer: makeTrainer(weights), best: weights.copy())
    }
    guard !batches(epoch: 0).isEmpty else {
      throw WorkflowError(
        .wrongContents,
        "\(targets.training.count) training segments are too few for the norms of the network: train on more.")
    }
  }

  /// Runs until the last epoch, or until the validation loss has stopped falling.
  mutating func run() throws {
    let pending = (training.epochs - state.position.history.count) * batches(epoch: 0).count - state.position.batch
    let progress = monitor.progress("train", total: max(0, pending), isLimit: true)
    defer { progress.finish() }
    try monitor.cancellable {
      while state.position.history.count < training.epochs, !hasStopped {
        for batch in batches(epoch: state.position.history.count).dropFirst(state.position.batch) {
          try requireNotCancelled()
          try learn(batch)
          progress.advance(note: note)
          if ContinuousClock.now - lastWrite > .seconds(60) { try save() }
        }
        try judge()
      }
    }
    try save()
  }

  /// The errors of the best weights on the validation examples.
  func bestErrors() throws -> RegressionTargets.Errors { try errors(of: state.best) }

  private var hasStopped: Bool {
    guard let best = state.position.best else { return false }
    return state.position.history.count - 1 - best >= training.patience
  }

  private var note: String {
    guard let last = state.position.history.last, let best = state.position.best else { return "" }
    let least = state.position.history[best].validationLoss
    return "epoch \(state.position.history.count): loss \(NumberText.short(last.trainingLoss)), validation "
      + "\(NumberText.short(last.validationLoss)), best \(NumberText.short(least))"
  }

  private mutating func requireNotCancelled() throws {
    guard monitor.isCancelled else { return }
    try save()
    throw InterruptedError(
      checkpoint.map { "Interrupted: \(trainer.stepCount) steps are in \($0); run again to go on." }
        ?? "Interrupted: no output was written; a checkpoint would have kept the steps.",
      remedy: checkpoint == nil ? .checkpoint : .none)
  }

  private mutating func save() throws {
    guard let checkpoint else { return }
    try state.save(to: checkpoint)
    lastWrite = .now
  }

  // MARK: - Batches

  /// The batches of an epoch: all training segments in a random order.
  private func batches(epoch: Int) -> [[Int]] {
    var source = RandomSource(seed: training.seed, stream: 1 << 34 + UInt64(epoch))
    let order = targets.training.shuffled(using: &source)
    return stride(from: 0, to: order.count, by: training.batchSize)
      .map { Array(order[$0..<min(order.count, $0 + training.batchSize)]) }
      .filter { trainer.canTrain(on: $0.count) }
  }

  private mutating func learn(_ batch: [Int]) throws {
    for (sample, row) in batch.enumerated() {
      trainer.pass.setInput(examples.features[row].pointer, sample: sample)
    }
    let loss = try trainer.step(batch.count, targets: batch.flatMap { targets.standardised($0) })
    guard loss.isFinite else {
      throw WorkflowError(
        .notFinite,
        "The loss of step \(trainer.stepCount + 1) is no finite number: train at a smaller learning rate.")
    }
    state.position.batch += 1
    state.position.lossSum += loss * Double(batch.count)
    state.position.lossCount += batch.count
  }

  // MARK: - Validation

  private mutating func judge() throws {
    let loss = try errors(of: trainer.weights).loss
    guard loss.isFinite else {
      throw WorkflowError(
        .notFinite,
        "The validation loss of epoch \(state.position.history.count + 1) is no finite number: train at a smaller "
          + "learning rate.")
    }
    let least = state.position.best.map { state.position.history[$0].validationLoss } ?? .infinity
    if loss < least {
      state.position.best = state.position.history.count
      state.best = trainer.weights.copy()
    }
    state.position.history.append(
      RegressionEpoch(
        trainingLoss: state.position.lossSum / Double(state.position.lossCount), validationLoss: loss))
    (state.position.batch, state.position.lossSum, state.position.lossCount) = (0, 0, 0)
  }

  private func errors(of weights: SequenceWeights) throws -> RegressionTargets.Errors {
    let rows = targets.validation
    let pass =
      weights === trainer.weights
      ? trainer.pass
      : SequencePass(
        weights, capacity: trainer.pass.capacity, steps: trainer.pass.steps,
        team: ThreadTeam(threads: training.threads))
    var predictions: [[Float]] = []
    for start in stride(from: 0, to: rows.count, by: pass.capacity) {
      let batch = rows[start..<min(rows.count, start + pass.capacity)]
      for (sample, row) in batch.enumerated() { pass.setInput(examples.features[row].pointer, sample: sample) }
      try pass.forward(batch.count)
      predictions += (0..<batch.count).map { Array(pass.output(sample: $0)) }
    }
    return targets.errors { predictions[$0] }
  }
}
