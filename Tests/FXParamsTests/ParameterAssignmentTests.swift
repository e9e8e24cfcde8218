import FXParams
import Testing

/// Values of parameters as people write them.
@Suite struct ParameterAssignmentTests {
  private func value(_ text: String) throws -> Double {
    try ParameterAssignment(text, chain: .diffVox).value
  }

  @Test func readsUnits() throws {
    let gain = try ParameterAssignment("lowshelf.gain=3 dB", chain: .diffVox)
    #expect(ChainDescription.diffVox.parameterSpace.names[gain.position] == "lowshelf.gain" && gain.value == 3)
    #expect(try value("lowshelf.gain = -3.5dB") == -3.5)
    #expect(try value("lowshelf.gain=3") == 3)
    #expect(try value("peak1.frequency=1.2 kHz") == 1200)
    #expect(try value("peak1.frequency=1200 Hz") == 1200)
    #expect(try value("delay.time=0.4 s") == 400)
  }

  @Test func readsDerivedQuantities() throws {
    let attack = try value("compressor.attack_coefficient=5 ms")
    #expect((attack - OnePole.coefficient(milliseconds: 5, sampleRate: 44_100)).magnitude < 1e-15)
    #expect((try value("compressor.release_coefficient=0.2 s") - 2.493e-4).magnitude < 1e-6)
  }

  @Test(arguments: DerivedQuantityCase.all) func valueInvertsQuantity(_ example: DerivedQuantityCase) throws {
    let quantity = try #require(example.kind.quantity(of: 0.37, sampleRate: 48_000))
    #expect(quantity.unit == example.kind.unit)
    #expect((example.kind.value(of: quantity.value, sampleRate: 48_000) - 0.37).magnitude < 1e-12)
  }

  struct DerivedQuantityCase: Sendable {
    let kind: DerivedQuantity
    static let all = [DerivedQuantity.onePoleTime, .decayTime(delaySamples: 997), .level, .position]
      .map { DerivedQuantityCase(kind: $0) }
  }

  @Test(arguments: [
    "lowshelf.gain", "=3", "lowshelf.gain=loud", "lowshelf.gain=3 Hz", "gain=3", "lowshelf.gain=nan",
  ])
  func refuses(_ text: String) {
    #expect(throws: ParameterError.self) { try ParameterAssignment(text, chain: .diffVox) }
  }
}
