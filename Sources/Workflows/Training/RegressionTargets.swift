import NumericCore

/// Which examples are learned from and which ones judge, with the logits standardised by the former.
struct RegressionTargets: Sendable {
  /// Rows of the examples.
  let training, validation: [Int]
  /// Of the training logits [D]; the deviation divides by their number, and is 0 where all have one value.
  let mean, deviation: [Double]
  private let logits: Matrix

  /// Splits by group: a part of the groups at random, at least one, is for validation.
  ///
  /// - Throws: ``WorkflowError`` for fewer than two groups.
  init(_ examples: RegressionExamples, validationShare: Double, seed: UInt64) throws {
    var names: [String] = []
    var members: [String: [Int]] = [:]
    for (row, group) in examples.groups.enumerated() {
      if members[group] == nil { names.append(group) }
      members[group, default: []].append(row)
    }
    guard names.count >= 2 else {
      throw WorkflowError(
        .wrongContents,
        "All \(examples.count) segments are of one preset or group, so that none is left for validation: train on "
          + "more presets.")
    }
    var source = RandomSource(seed: seed, stream: 1 << 32)
    names.shuffle(using: &source)
    let count = min(names.count - 1, max(1, Int((Double(names.count) * validationShare).rounded())))
    validation = names.prefix(count).flatMap { members[$0] ?? [] }.sorted()
    let training = names.dropFirst(count).flatMap { members[$0] ?? [] }.sorted()
    self.training = training
    logits = examples.logits
    let (logits, size) = (examples.logits, Double(training.count))
    let mean = (0..<logits.columns).map { column in training.reduce(0) { $0 + logits[$1, column] } / size }
    self.mean = mean
    deviation = (0..<logits.columns).map { column in
      let squares = training.reduce(0.0) {
        $0 + (logits[$1, column] - mean[column]) * (logits[$1, column] - mean[column])
      }
      // A parameter that has one value deviates by the rounding of its mean.
      let deviation = (squares / size).squareRoot()
      return deviation > 1e-12 * max(1, abs(mean[column])) ? deviation : 0
    }
  }

  /// Standardised logits of an example; 0 for parameters that have one value in training.
  func standardised(_ row: Int) -> [Float] {
    mean.indices.map { deviation[$0] > 0 ? Float((logits[row, $0] - mean[$0]) / deviation[$0]) : 0 }
  }

  /// Errors of standardised predictions of the validation examples.
  struct Errors: Sendable {
    /// Mean squares of standardised logits and of logits, of predictions and of the training mean.
    var loss = 0.0, meanLoss = 0.0, pmse = 0.0, meanPMSE = 0.0
  }

  /// - Parameter predict: standardised logits of a validation example, by its place among them.
  func errors(_ predict: (Int) -> [Float]) -> Errors {
    var errors = Errors()
    for (place, row) in validation.enumerated() {
      let prediction = predict(place)
      for (index, target) in standardised(row).enumerated() {
        let (found, wanted) = (Double(prediction[index]), Double(target))
        let (logit, constant) = (logits[row, index], mean[index])
        let predicted = constant + deviation[index] * found
        errors.loss += (found - wanted) * (found - wanted)
        errors.meanLoss += wanted * wanted
        errors.pmse += (predicted - logit) * (predicted - logit)
        errors.meanPMSE += (constant - logit) * (constant - logit)
      }
    }
    let size = Double(validation.count * mean.count)
    return Errors(
      loss: errors.loss / size, meanLoss: errors.meanLoss / size, pmse: errors.pmse / size,
      meanPMSE: errors.meanPMSE / size)
  }
}
