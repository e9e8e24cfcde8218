import Foundation
public import LearnedEncoders
import NumericCore

/// Weights of a Cnn14 drawn at random, so that numbers keep their size from layer to layer.
public enum RandomCnn14 {
  /// The smallest network of its kind: six narrow blocks, embeddings of ten numbers.
  public static func small(_ configuration: Cnn14Configuration = .afxRep) -> Cnn14Configuration {
    var small = configuration
    small.channels = [4, 6, 8, 12, 16, 24]
    small.heads = configuration.heads.map { head in
      head.map { layer in
        var layer = layer
        layer.width = 10
        return layer
      }
    }
    return small
  }

  /// The file of a network; with its configuration in the metadata, unless it is a published one.
  public static func file(_ configuration: Cnn14Configuration, seed: UInt64 = 1) throws -> TensorFile {
    var source = RandomSource(seed: seed)
    func uniform(_ count: Int, _ low: Float, _ high: Float) -> [Float] {
      (0..<count).map { _ in Float.random(in: low...high, using: &source) }
    }
    var file = TensorFile()
    if !Cnn14Configuration.known.contains(configuration) {
      // The same bytes each time, since the hash is part of the encoder's name.
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      file.metadata["cnn14"] = String(decoding: try encoder.encode(configuration), as: UTF8.self)
    }
    var inputs = configuration.inputs == .midSide ? 1 : 2
    for (block, outputs) in configuration.channels.enumerated() {
      for convolution in 1...2 {
        let prefix = "conv_block\(block + 1)."
        let bound = (6 / Float(9 * inputs)).squareRoot()
        file.add(
          "\(prefix)conv\(convolution).weight", uniform(outputs * inputs * 9, -bound, bound),
          shape: [outputs, inputs, 3, 3])
        for (part, low, high) in [
          ("weight", Float(0.8), Float(1.2)), ("bias", -0.1, 0.1), ("running_mean", -0.1, 0.1),
          ("running_var", 0.5, 1.5),
        ] {
          file.add("\(prefix)bn\(convolution).\(part)", uniform(outputs, low, high), shape: [outputs])
        }
        inputs = outputs
      }
    }
    for head in configuration.heads {
      var inputs = configuration.channels.last ?? 0
      for layer in head {
        let bound = (3 / Float(inputs)).squareRoot()
        file.add(
          "\(layer.name).weight", uniform(layer.width * inputs, -bound, bound), shape: [layer.width, inputs])
        file.add("\(layer.name).bias", uniform(layer.width, -0.1, 0.1), shape: [layer.width])
        inputs = layer.width
      }
    }
    return file
  }
}
