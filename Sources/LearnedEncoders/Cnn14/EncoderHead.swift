import Foundation

/// What follows the trunk: the mean over frequency, maximum plus mean over time, linear layers, and unit length.
///
/// Constant, and shared by all workspaces.
struct EncoderHead: Sendable {
  private struct Layer: Sendable {
    let inputs, width: Int
    let weights, biases: [Float]
    let isRectified: Bool
  }

  /// What the way back needs of one embedding; made once.
  struct Record: Sendable {
    /// The frame of the maximum, per channel.
    var peaks: [Int]
    /// What goes into each layer, then what comes out of the last.
    var values: [[Double]]
    var cotangents: [[Double]]
    /// Of the last layer's vector.
    var divisor = 1.0
  }

  /// Channels of the features.
  let channels: Int
  private let layers: [Layer]

  init(_ head: [Cnn14Configuration.Layer], weights: Cnn14Weights) throws {
    channels = weights.configuration.channels.last ?? 0
    var inputs = channels
    layers = try head.map { layer in
      let (numbers, biases) = try weights.layer(layer, inputs: inputs)
      defer { inputs = layer.width }
      return Layer(
        inputs: inputs, width: layer.width, weights: numbers, biases: biases, isRectified: layer.isRectified)
    }
  }

  func makeRecord() -> Record {
    let values = [[Double](repeating: 0, count: channels)] + layers.map { [Double](repeating: 0, count: $0.width) }
    return Record(peaks: Array(repeating: 0, count: channels), values: values, cotangents: values)
  }

  /// - Parameters:
  ///   - features: [channel][frame][band].
  ///   - embedding: overwritten by a vector of unit length.
  func forward(
    _ features: UnsafePointer<Float>, frames: Int, bands: Int, record: inout Record, into embedding: inout [Double]
  ) {
    for channel in 0..<channels {
      var (sum, peak, most) = (0.0, 0, -Double.infinity)
      for frame in 0..<frames {
        let row = features + (channel * frames + frame) * bands
        var mean = 0.0
        for band in 0..<bands { mean += Double(row[band]) }
        mean /= Double(bands)
        sum += mean
        if mean > most { (peak, most) = (frame, mean) }
      }
      record.peaks[channel] = peak
      record.values[0][channel] = most + sum / Double(frames)
    }
    for (index, layer) in layers.enumerated() {
      apply(layer, record.values[index], into: &record.values[index + 1])
    }
    let last = layers.count
    record.divisor = UnitLength.divisor(of: record.values[last])
    if embedding.count != record.values[last].count { embedding = record.values[last] }
    for index in embedding.indices { embedding[index] = record.values[last][index] / record.divisor }
  }

  private func apply(_ layer: Layer, _ input: [Double], into output: inout [Double]) {
    layer.weights.withUnsafeBufferPointer { weights in
      for row in 0..<layer.width {
        var sum = Double(layer.biases[row])
        for column in 0..<layer.inputs { sum += Double(weights[row * layer.inputs + column]) * input[column] }
        output[row] = layer.isRectified && sum < 0 ? 0 : sum
      }
    }
  }

  /// Overwrites the cotangent of the features.
  func pullback(
    _ embedding: [Double], record: inout Record, frames: Int, bands: Int, into features: UnsafeMutablePointer<Float>
  ) {
    let last = layers.count
    UnitLength.pullback(
      embedding, at: record.values[last], divisor: record.divisor, into: &record.cotangents[last])
    for index in stride(from: last - 1, through: 0, by: -1) {
      let layer = layers[index]
      for column in 0..<layer.inputs { record.cotangents[index][column] = 0 }
      layer.weights.withUnsafeBufferPointer { weights in
        for row in 0..<layer.width {
          guard !layer.isRectified || record.values[index + 1][row] > 0 else { continue }
          let cotangent = record.cotangents[index + 1][row]
          for column in 0..<layer.inputs {
            record.cotangents[index][column] += Double(weights[row * layer.inputs + column]) * cotangent
          }
        }
      }
    }
    for channel in 0..<channels {
      let cotangent = record.cotangents[0][channel] / Double(bands)
      for frame in 0..<frames {
        let share = Float(cotangent * (1 / Double(frames) + (frame == record.peaks[channel] ? 1 : 0)))
        let row = features + (channel * frames + frame) * bands
        for band in 0..<bands { row[band] = share }
      }
    }
  }
}
