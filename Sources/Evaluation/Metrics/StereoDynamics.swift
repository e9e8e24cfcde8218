import NumericCore

/// ``LoudnessDynamicRangeDistance`` of two stereo signals in both views, added block by block.
struct StereoDynamics {
  private var leftRight, midSide: [DynamicRangeComparison]
  /// Mid and side of a block, of the prediction and of the target.
  private let mixed: [SignalBuffer<Double>]

  /// - Parameters:
  ///   - sampleCount: samples of a channel.
  ///   - blockLength: the most samples that will be added at a time.
  init(_ scales: [LoudnessDynamicRangeDistance.Scale], sampleCount: Int, blockLength: Int) {
    func comparisons() -> [DynamicRangeComparison] {
      scales.map { DynamicRangeComparison($0, sampleCount: sampleCount, blockLength: blockLength) }
    }
    (leftRight, midSide) = (comparisons(), comparisons())
    mixed = (0..<4).map { _ in SignalBuffer(count: blockLength) }
  }

  /// Adds `length` samples from `start` on of a prediction and a target [2, samples].
  mutating func add(prediction: Matrix, target: Matrix, from start: Int, length: Int) {
    let count = prediction.columns
    prediction.values.withUnsafeBufferPointer { prediction in
      target.values.withUnsafeBufferPointer { target in
        let predicted = (prediction.baseAddress! + start, prediction.baseAddress! + count + start)
        let wanted = (target.baseAddress! + start, target.baseAddress! + count + start)
        for index in leftRight.indices {
          leftRight[index].add(predicted: predicted, wanted: wanted, length: length)
        }
        let predictedMixed = mix(predicted, length, into: (mixed[0], mixed[1]))
        let wantedMixed = mix(wanted, length, into: (mixed[2], mixed[3]))
        for index in midSide.indices {
          midSide[index].add(predicted: predictedMixed, wanted: wantedMixed, length: length)
        }
      }
    }
  }

  /// The distances, once all samples are added.
  var distances: (leftRight: Double, midSide: Double) {
    (leftRight.reduce(0) { $0 + $1.distance }, midSide.reduce(0) { $0 + $1.distance })
  }

  private func mix(
    _ stereo: (UnsafePointer<Double>, UnsafePointer<Double>), _ length: Int,
    into mixed: (SignalBuffer<Double>, SignalBuffer<Double>)
  ) -> (UnsafePointer<Double>, UnsafePointer<Double>) {
    let factor = 0.5.squareRoot()
    let (mid, side) = (mixed.0.pointer, mixed.1.pointer)
    for index in 0..<length {
      mid[index] = factor * (stereo.0[index] + stereo.1[index])
      side[index] = factor * (stereo.0[index] - stereo.1[index])
    }
    return (UnsafePointer(mid), UnsafePointer(side))
  }
}
