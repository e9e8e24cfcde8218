public import NumericCore

/// The numbers of a network of sequences: what is trained, and the running statistics of its norms.
///
/// Unchecked sendable: passes that infer only read; a trainer has them for itself.
public final class SequenceWeights: @unchecked Sendable {
  /// Of which network.
  public let configuration: SequenceConfiguration

  let slots: SequenceSlots
  /// What is trained, in the order of the slots.
  let values: SignalBuffer<Float>
  /// Per block the means [channels], then the variances.
  let running: [(means: SignalBuffer<Float>, variances: SignalBuffer<Float>)]
  /// Per block the weights of the pooled convolution [taps][inputs][outputs], by ``compose(_:)``.
  let composed: [SignalBuffer<Float>]

  /// Weights that are all zero.
  init(zeros configuration: SequenceConfiguration) {
    if let fault = configuration.fault { preconditionFailure("There is no such network: \(fault)") }
    self.configuration = configuration
    slots = SequenceSlots(configuration)
    values = SignalBuffer(count: slots.count)
    running = configuration.channels.map { (SignalBuffer(count: $0), SignalBuffer(count: $0)) }
    composed = configuration.convolutions.map { SignalBuffer(count: $0.weightCount) }
  }

  /// Random weights, as PyTorch begins: kernels, matrices and biases are uniform within 1/sqrt(inputs taps) of
  /// zero; norms begin as the identity.
  ///
  /// - Parameters:
  ///   - configuration: of which network.
  ///   - source: of the random numbers.
  public convenience init(_ configuration: SequenceConfiguration, using source: inout RandomSource) {
    self.init(zeros: configuration)
    func fill(_ slot: SequenceSlots.Slot, within bound: Float) {
      for index in 0..<slot.count {
        values[slot.offset + index] = Float.random(in: -bound...bound, using: &source)
      }
    }
    let maps = slots.convolutions.map { ($0.kernel, $0.bias) } + [(slots.linear.matrix, slots.linear.bias)]
    for (matrix, bias) in maps {
      let bound = 1 / Float(matrix.shape.dropFirst().reduce(1, *)).squareRoot()
      fill(matrix, within: bound)
      fill(bias, within: bound)
    }
    for norm in slots.norms {
      for index in 0..<norm.gain.count { values[norm.gain.offset + index] = 1 }
    }
    for own in running { own.variances.pointer.update(repeating: 1, count: own.variances.count) }
    compose(.alone)
  }

  /// Makes the weights of the pooled convolutions, after a change of ``values``.
  func compose(_ team: ThreadTeam) {
    for (block, convolution) in configuration.convolutions.enumerated() {
      team.run(convolution.taps) { [values, slots, composed] tap in
        convolution.compose(
          tap: tap, of: values.pointer + slots.convolutions[block].kernel.offset, into: composed[block].pointer)
      }
    }
  }

  /// Bytes of the weights.
  public var bytes: Int { 4 * (values.count + composed.reduce(0) { $0 + $1.count }) }

  /// A copy that goes its own way.
  public func copy() -> SequenceWeights {
    let copy = SequenceWeights(zeros: configuration)
    copy.values.pointer.update(from: values.pointer, count: values.count)
    for (own, new) in zip(running, copy.running) {
      new.means.pointer.update(from: own.means.pointer, count: own.means.count)
      new.variances.pointer.update(from: own.variances.pointer, count: own.variances.count)
    }
    copy.compose(.alone)
    return copy
  }

  // MARK: - Files

  /// The arrays of a file: those of PyTorch's modules, with `running_mean` and `running_var` of the norms.
  public static func tensorShapes(_ configuration: SequenceConfiguration) -> [(name: String, shape: [Int])] {
    SequenceSlots(configuration).slots.map { ($0.name, $0.shape) }
      + configuration.channels.enumerated().flatMap { block, count in
        [("norm.\(block).running_mean", [count]), ("norm.\(block).running_var", [count])]
      }
  }

  /// Reads the arrays of a file.
  ///
  /// - Parameters:
  ///   - tensors: the file.
  ///   - configuration: the network that it is of.
  ///   - prefix: what stands before the names.
  /// - Throws: `FileReadError`, ``SafeTensorsError``; also for a negative running variance.
  public convenience init(_ tensors: SafeTensors, configuration: SequenceConfiguration, prefix: String = "") throws
  {
    for (name, shape) in Self.tensorShapes(configuration) { try tensors.entry(prefix + name, shape: shape) }
    self.init(zeros: configuration)
    for slot in slots.slots {
      slot.keep(try tensors.floats(prefix + slot.name, shape: slot.shape), in: values.pointer + slot.offset)
    }
    for (block, own) in running.enumerated() {
      let (mean, variance) = ("\(prefix)norm.\(block).running_mean", "\(prefix)norm.\(block).running_var")
      own.means.pointer.update(from: try tensors.floats(mean, shape: [own.means.count]), count: own.means.count)
      let variances = try tensors.floats(variance, shape: [own.variances.count])
      guard variances.allSatisfy({ $0 >= 0 }) else {
        throw SafeTensorsError.negative(path: tensors.path, tensor: variance)
      }
      own.variances.pointer.update(from: variances, count: variances.count)
    }
    compose(.alone)
  }

  /// Adds the arrays to a file.
  public func add(to file: inout SafeTensorsWriter, prefix: String = "") {
    for slot in slots.slots {
      file.add(prefix + slot.name, slot.stored(values.pointer + slot.offset), shape: slot.shape)
    }
    for (block, own) in running.enumerated() {
      file.add("\(prefix)norm.\(block).running_mean", own.means.array, shape: [own.means.count])
      file.add("\(prefix)norm.\(block).running_var", own.variances.array, shape: [own.variances.count])
    }
  }

  /// Whether all numbers are finite.
  public var isFinite: Bool {
    UnsafeBufferPointer(start: values.pointer, count: values.count).allSatisfy(\.isFinite)
      && running.allSatisfy { $0.means.array.allSatisfy(\.isFinite) && $0.variances.array.allSatisfy(\.isFinite) }
  }
}
