import CBenchBLAS
import NeuralCore
import NumericCore
import PresetRegression

/// The regression network with random weights: a step of training on 64 segments of 2 s, and the logits of one
/// segment of 11 s, on one thread. Beside it the multiplications of the step as plain products of matrices, and
/// those of convolutions that are pooled afterwards, as the network is defined.
///
/// Run: swift run --package-path Benchmarks -c release bench --only regression
func regressionTimes(batch: Int = 64, seconds: Double = 2) throws -> Contest {
  var contest = Contest(
    "regression", "9.25 million parameters, batches of \(batch) segments of \(seconds) s, one thread")
  let configuration = SequenceConfiguration(outputs: 130)
  let steps = RegressionFeatures.stepCount(frameCount: Int(seconds * 44100))
  var source = RandomSource(seed: 1)
  let trainer = SequenceTrainer(
    SequenceWeights(configuration, using: &source), capacity: batch, steps: steps, team: .alone)
  for sample in 0..<batch {
    trainer.pass.setInput(
      (0..<steps * configuration.inputs).map { _ in Float(source.nextNormal()) }, sample: sample)
  }
  let targets = (0..<batch * configuration.outputs).map { _ in Float(source.nextNormal()) }
  contest.add("step of training") { _ = try trainer.step(batch, targets: targets) }
  contest.add("forward, running statistics") { try trainer.pass.forward(batch) }

  let frameCount = 11 * 44100
  let (left, right) = (dryVocal(frameCount: frameCount, seed: 1), dryVocal(frameCount: frameCount, seed: 2))
  let model = RegressionModel(
    weights: SequenceWeights(configuration, using: &source), mean: Array(repeating: 0, count: 130),
    deviation: Array(repeating: 1, count: 130),
    description: RegressionDescription(
      network: configuration, parameterNames: (0..<130).map { "\($0)" }, sampleRate: 44100, segmentSeconds: seconds,
      loudnessLUFS: nil, trainedOn: "nothing",
      training: .init(
        trainingExamples: 0, validationExamples: 0, epochs: 0, bestEpoch: 0, batchSize: batch, optimiser: AdamW(),
        seed: 1, validationLoss: 0, meanValidationLoss: 0, validationPMSE: 0, meanValidationPMSE: 0)))
  contest.add("logits of 11 s, features included") { _ = try model.logits(left: left, right: right) }
  let features = RegressionFeatures(frameCount: frameCount, sampleRate: 44100)
  let sequence = SignalBuffer<Float>(count: features.stepCount * RegressionFeatures.rowCount)
  contest.add("features of 11 s") { features.compute(left: left, right: right, into: sequence.pointer) }

  add(
    products(configuration, batch: batch, steps: steps, isPooledFirst: true), "sgemm of the step", .bound,
    to: &contest)
  add(
    products(configuration, batch: batch, steps: steps, isPooledFirst: false),
    "sgemm of convolutions, then pooling",
    .peer, to: &contest)
  return contest
}

private typealias Size = (m: Int, n: Int, k: Int)

/// Forward, gradient of the weights and, but for the first layer, of the input: rows x outputs x (taps inputs).
private func products(
  _ configuration: SequenceConfiguration, batch: Int, steps: Int, isPooledFirst: Bool
) -> [Size] {
  var (sizes, steps, inputs): ([Size], Int, Int) = ([], steps, configuration.inputs)
  func add(rows: Int, outputs: Int, taps: Int, isFirst: Bool) {
    let inner = taps * inputs
    sizes += [(rows, outputs, inner), (inner, outputs, rows)] + (isFirst ? [] : [(rows, inner, outputs)])
    inputs = outputs
  }
  for (block, outputs) in configuration.channels.enumerated() {
    let (long, short) = (
      steps - configuration.kernel + 1, (steps - configuration.kernel + 1) / configuration.pool
    )
    add(
      rows: batch * (isPooledFirst ? short : long), outputs: outputs,
      taps: configuration.kernel + (isPooledFirst ? configuration.pool - 1 : 0), isFirst: block == 0)
    steps = short
  }
  add(rows: batch * steps, outputs: configuration.width, taps: 1, isFirst: false)
  add(rows: batch, outputs: configuration.outputs, taps: 1, isFirst: false)
  return sizes
}

private func add(_ sizes: [Size], _ name: String, _ role: Role, to contest: inout Contest) {
  let buffers = [
    sizes.map { $0.m * $0.k }.max(), sizes.map { $0.k * $0.n }.max(), sizes.map { $0.m * $0.n }.max(),
  ].map { SignalBuffer<Float>(count: $0 ?? 1) }
  let operations = sizes.reduce(0) { $0 + 2 * $1.m * $1.n * $1.k }
  contest.add("\(name), \(operations / 1_000_000_000) GFLOP", role) {
    for size in sizes {
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(size.m), Int32(size.n), Int32(size.k), 1,
        buffers[0].pointer, Int32(size.k), buffers[1].pointer, Int32(size.n), 0, buffers[2].pointer, Int32(size.n))
    }
  }
}
