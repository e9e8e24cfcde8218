/// Where the trained numbers of a network are in one array, and what files call them.
struct SequenceSlots: Sendable {
  /// What an array of trained numbers is.
  enum Kind: Sendable, Hashable {
    /// Kept as [taps][inputs][outputs], in files as [outputs][inputs][taps].
    case kernel(taps: Int, inputs: Int, outputs: Int)
    /// As kernels of one tap, in files as [outputs][inputs].
    case matrix(inputs: Int, outputs: Int)
    case vector(Int)
  }

  /// One array.
  struct Slot: Sendable {
    let name: String
    let kind: Kind
    let offset: Int

    var count: Int { shape.reduce(1, *) }

    /// As files have it.
    var shape: [Int] {
      switch kind {
      case .kernel(let taps, let inputs, let outputs): [outputs, inputs, taps]
      case .matrix(let inputs, let outputs): [outputs, inputs]
      case .vector(let count): [count]
      }
    }

    /// Numbers as a file has them from those as they are kept.
    func stored(_ kept: UnsafePointer<Float>) -> [Float] {
      guard let (taps, inputs, outputs) = sizes else {
        return Array(UnsafeBufferPointer(start: kept, count: count))
      }
      return [Float](unsafeUninitializedCapacity: count) { target, filled in
        for output in 0..<outputs {
          for input in 0..<inputs {
            for tap in 0..<taps {
              target[(output * inputs + input) * taps + tap] = kept[(tap * inputs + input) * outputs + output]
            }
          }
        }
        filled = count
      }
    }

    /// Writes numbers as they are kept from those of a file.
    func keep(_ stored: [Float], in kept: UnsafeMutablePointer<Float>) {
      guard let (taps, inputs, outputs) = sizes else { return kept.update(from: stored, count: count) }
      stored.withUnsafeBufferPointer { source in
        for tap in 0..<taps {
          for input in 0..<inputs {
            for output in 0..<outputs {
              kept[(tap * inputs + input) * outputs + output] = source[(output * inputs + input) * taps + tap]
            }
          }
        }
      }
    }

    private var sizes: (taps: Int, inputs: Int, outputs: Int)? {
      switch kind {
      case .kernel(let taps, let inputs, let outputs): (taps, inputs, outputs)
      case .matrix(let inputs, let outputs): (1, inputs, outputs)
      case .vector: nil
      }
    }
  }

  /// In the order in which they are kept.
  let slots: [Slot]
  /// Trained numbers.
  let count: Int
  /// Where kernel and bias of each convolution are, the pointwise one last, and those of the linear map.
  let convolutions: [(kernel: Slot, bias: Slot)]
  let norms: [(gain: Slot, offset: Slot)]
  let linear: (matrix: Slot, bias: Slot)

  init(_ configuration: SequenceConfiguration) {
    var (slots, offset): ([Slot], Int) = ([], 0)
    func add(_ name: String, _ kind: Kind) -> Slot {
      let slot = Slot(name: name, kind: kind, offset: offset)
      slots.append(slot)
      offset += slot.count
      return slot
    }
    var convolutions: [(kernel: Slot, bias: Slot)] = []
    var norms: [(gain: Slot, offset: Slot)] = []
    for (index, own) in (configuration.convolutions + [configuration.pointwise]).enumerated() {
      convolutions.append(
        (
          add("convolution.\(index).weight", .kernel(taps: own.kernel, inputs: own.inputs, outputs: own.outputs)),
          add("convolution.\(index).bias", .vector(own.outputs))
        ))
      guard index < configuration.channels.count else { continue }
      norms.append(
        (add("norm.\(index).weight", .vector(own.outputs)), add("norm.\(index).bias", .vector(own.outputs))))
    }
    linear = (
      add("linear.weight", .matrix(inputs: configuration.width, outputs: configuration.outputs)),
      add("linear.bias", .vector(configuration.outputs))
    )
    (self.slots, count, self.convolutions, self.norms) = (slots, offset, convolutions, norms)
  }
}
