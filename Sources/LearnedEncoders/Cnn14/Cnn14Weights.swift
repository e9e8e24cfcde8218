import FileOutput
import Foundation
public import NeuralCore

/// The trained weights of a Cnn14, read from a safetensors file and checked: every name, shape and type.
///
/// The keys are those of the published checkpoint of AFx-Rep below `encoder.`. Norms of the convolutions are folded
/// into them. What the front end computes itself (`spectrogram_extractor...`) and what is not used (`bn0`) may be
/// there or not; the mel matrix is taken from the file where it has one.
public struct Cnn14Weights: Sendable {
  /// Of which network.
  public let configuration: Cnn14Configuration
  /// The arrays.
  public let tensors: SafeTensors
  /// SHA-256 of the file, in hexadecimal.
  public let sha256: String
  /// Numbers that were trained: convolutions, norms and heads.
  public let parameterCount: Int

  private static let epsilon: Float = 1e-5
  private static let melMatrix = "logmel_extractor.melW"

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: a safetensors file.
  ///   - configuration: the network that it should hold, unless its metadata describe another.
  /// - Throws: `FileReadError`, `SafeTensorsError`.
  public init(path: String, configuration: Cnn14Configuration = .afxRep) throws {
    let tensors = try SafeTensors(path: path)
    self.tensors = tensors
    self.configuration = try Self.described(tensors) ?? configuration
    let own = self.configuration
    if own.name != configuration.name {
      throw SafeTensorsError.notSafeTensors(
        path: path, reason: "it describes an encoder named \(own.name) and not \(configuration.name)")
    }
    var (used, count) = (Set<String>(), 0)
    for (name, shape) in Self.trained(own) {
      // Read, so that numbers that are not finite are found now.
      let numbers = try tensors.floats(name, shape: shape)
      if name.hasSuffix("running_var"), let least = numbers.min(), least < 0 {
        throw SafeTensorsError.notSafeTensors(path: path, reason: "\(name) has a variance of \(least)")
      }
      used.insert(name)
      if !name.contains(".running_") { count += numbers.count }
    }
    for (name, shape) in Self.optional(own) where tensors.entries[name] != nil {
      if let shape { _ = try tensors.floats(name, shape: shape) }
      used.insert(name)
    }
    if let other = tensors.entries.keys.filter({ !used.contains($0) }).min() {
      throw SafeTensorsError.unknown(path: path, tensor: other)
    }
    parameterCount = count
    sha256 = try FileDigest.sha256(ofFile: path)
  }

  /// The configuration in the metadata of a file, nil where there is none.
  private static func described(_ tensors: SafeTensors) throws -> Cnn14Configuration? {
    guard let text = tensors.metadata["cnn14"] else { return nil }
    guard let configuration = try? JSONDecoder().decode(Cnn14Configuration.self, from: Data(text.utf8)) else {
      throw SafeTensorsError.notSafeTensors(path: tensors.path, reason: "its metadata cnn14 are no configuration")
    }
    if let fault = configuration.fault {
      throw SafeTensorsError.notSafeTensors(path: tensors.path, reason: "of its metadata cnn14: \(fault)")
    }
    return configuration
  }

  /// Arrays that must be there.
  private static func trained(_ configuration: Cnn14Configuration) -> [(name: String, shape: [Int])] {
    var list: [(String, [Int])] = []
    for convolution in 0..<2 * configuration.channels.count {
      let (inputs, outputs) = sizes(convolution, configuration)
      list.append((key(convolution, "conv"), [outputs, inputs, 3, 3]))
      list += ["weight", "bias", "running_mean", "running_var"].map { (key(convolution, "bn", $0), [outputs]) }
    }
    for head in configuration.heads {
      var inputs = configuration.channels.last ?? 0
      for layer in head {
        list += [("\(layer.name).weight", [layer.width, inputs]), ("\(layer.name).bias", [layer.width])]
        inputs = layer.width
      }
    }
    return list
  }

  /// Arrays that may be there; those without a shape are not looked at.
  private static func optional(_ configuration: Cnn14Configuration) -> [(name: String, shape: [Int]?)] {
    let (bins, bands) = (configuration.binCount, configuration.bandCount)
    var list: [(String, [Int]?)] = [(melMatrix, [bins, bands])]
    list += ["conv_real", "conv_imag"].map {
      ("spectrogram_extractor.stft.\($0).weight", [bins, 1, configuration.windowLength])
    }
    list += ["weight", "bias", "running_mean", "running_var"].map { ("bn0.\($0)", [bands]) }
    list.append(("bn0.num_batches_tracked", nil))
    list += (0..<2 * configuration.channels.count).map { (key($0, "bn", "num_batches_tracked"), nil) }
    return list
  }

  private static func key(_ convolution: Int, _ kind: String, _ part: String = "weight") -> String {
    "conv_block\(convolution / 2 + 1).\(kind)\(convolution % 2 + 1).\(part)"
  }

  private static func sizes(_ convolution: Int, _ configuration: Cnn14Configuration) -> (inputs: Int, outputs: Int)
  {
    let block = convolution / 2
    let outputs = configuration.channels[block]
    guard convolution % 2 == 0 else { return (outputs, outputs) }
    return (block == 0 ? configuration.imageChannels : configuration.channels[block - 1], outputs)
  }

  // MARK: - Arrays

  /// Weights and biases of a convolution with its norm folded in: W gamma/s and beta - mean gamma/s, with
  /// s = sqrt(variance + 1e-5).
  ///
  /// - Throws: as reading does, where the file has changed since it was checked.
  func convolution(_ index: Int) throws -> (weights: [Float], biases: [Float]) {
    let (inputs, outputs) = Self.sizes(index, configuration)
    func norm(_ part: String) throws -> [Float] {
      try tensors.floats(Self.key(index, "bn", part), shape: [outputs])
    }
    let (gamma, beta) = (try norm("weight"), try norm("bias"))
    let (mean, variance) = (try norm("running_mean"), try norm("running_var"))
    let factors = zip(gamma, variance).map { Double($0) / (Double($1) + Double(Self.epsilon)).squareRoot() }
    var weights = try tensors.floats(Self.key(index, "conv"), shape: [outputs, inputs, 3, 3])
    let size = 9 * inputs
    for output in 0..<outputs {
      let factor = Float(factors[output])
      for position in output * size..<(output + 1) * size { weights[position] *= factor }
    }
    let biases = (0..<outputs).map { Float(Double(beta[$0]) - Double(mean[$0]) * factors[$0]) }
    return (weights, biases)
  }

  /// Weights [width][inputs] and biases of a layer of a head.
  ///
  /// - Throws: as ``convolution(_:)``.
  func layer(_ layer: Cnn14Configuration.Layer, inputs: Int) throws -> (weights: [Float], biases: [Float]) {
    (
      try tensors.floats("\(layer.name).weight", shape: [layer.width, inputs]),
      try tensors.floats("\(layer.name).bias", shape: [layer.width])
    )
  }

  /// The name of the encoder in files: that of its network, the first digits of the hash of its weights, and the
  /// precision where it is not `float32`. Features made with other weights are thereby those of another encoder.
  public func encoderName(precision: NeuralPrecision) -> String {
    "\(configuration.name):\(sha256.prefix(16))" + (precision == .float32 ? "" : ":\(precision.rawValue)")
  }

  /// Whether the file has the mel matrix; otherwise it is computed.
  public var hasMelMatrix: Bool { tensors.entries[Self.melMatrix] != nil }

  /// The mel matrix [bins][bands] of the file, nil where it has none.
  ///
  /// - Throws: as ``convolution(_:)``.
  func melWeights() throws -> [Float]? {
    try tensors.entries[Self.melMatrix].map { try tensors.floats(Self.melMatrix, shape: $0.shape) }
  }
}
