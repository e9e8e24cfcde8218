import FXParams
import Foundation
import Testing

@Suite("Symmetries of chains")
struct ChainSymmetriesTests {
  @Test("the published chain declares what its effects have")
  func diffVox() throws {
    let chain = ChainDescription.diffVox
    let symmetries = chain.symmetries
    #expect(symmetries.bandGroups.map(\.bandNames) == [["peak1", "peak2"], ["reverb.peak1", "reverb.peak2"]])
    #expect(symmetries.networks.map(\.lineCount) == [6])
    #expect(symmetries.foldedParameters.map(\.name) == ["compressor.lookahead"])
    #expect(try symmetries.exactGroup().count == 64 * 2 * 2 * 2)
    #expect(try symmetries.group([.signs, .mirror]).count == 128)
    let names = chain.parameterSpace.names
    let network = try #require(symmetries.networks.first)
    #expect(names[network.b(2, 1)] == "reverb.b.3.2" && names[network.c(1, 4)] == "reverb.c.2.5")
    #expect(names[network.w(2, 4)] == "reverb.w.3.5" && names[network.w(4, 5)] == "reverb.w.5.6")
    let line = network.sign(ofLine: 1).touched.map { names[$0] }
    #expect(
      Set(line) == [
        "reverb.b.2.1", "reverb.b.2.2", "reverb.c.1.2", "reverb.c.2.2", "reverb.w.1.2", "reverb.w.2.3",
        "reverb.w.2.4",
        "reverb.w.2.5", "reverb.w.2.6",
      ])
    let mirror = try #require(symmetries.mirror)
    #expect(mirror.effect == .mirrored && mirror.entries.count == 24 + 3)
  }

  @Test("three peaks have the permutation group of three, limited by their ranges; a compressor parts equalisers")
  func threePeaks() throws {
    let chain = SymmetryFixtures.manyPeaks
    let groups = chain.symmetries.bandGroups
    #expect(groups.map(\.bandNames) == [["low", "mid", "high"], ["after1", "after2"]])
    let orders = try groups[0].orders()
    #expect(orders.count == 6 && orders.first == [0, 1, 2] && Set(orders).count == 6)
    var values = chain.parameterSpace.values(ofLogits: SymmetryFixtures.preset(of: chain, seed: 2))
    let space = chain.parameterSpace
    func set(_ name: String, _ value: Double) { space.index(of: name).map { values[$0] = value } }
    // All three frequencies and Qs in all ranges.
    for (band, frequency) in zip(["low", "mid", "high"], [3000.0, 1000, 2000]) {
      set(band + ".frequency", frequency)
      set(band + ".q", 1 + frequency / 1000)
      set(band + ".gain", frequency / 500)
    }
    let theta = try space.logits(ofValues: values)
    for order in orders {
      let moved = try #require(groups[0].permutation(order).image(of: theta)).theta
      let physical = space.values(ofLogits: moved)
      for (slot, band) in order.enumerated() {
        for (target, source) in zip(groups[0].indices[slot], groups[0].indices[band]) {
          #expect(abs(physical[target] - values[source]) < 1e-9 * abs(values[source]))
        }
      }
    }
    // Neighbours' exchanges make the rotation.
    let rotation = groups[0].exchange(0, 1).followed(by: groups[0].exchange(1, 2)).image(of: theta)?.theta
    let direct = groups[0].permutation([1, 2, 0]).image(of: theta)?.theta
    #expect(zip(rotation ?? [], direct ?? [.nan]).allSatisfy { abs($0 - $1) < 1e-9 })
    set("low.frequency", 40)
    let low = try space.logits(ofValues: values)
    #expect(!groups[0].exchange(0, 1).applies(to: low) && groups[0].exchange(1, 2).applies(to: low))
  }

  @Test("too many bands of one kind to enumerate are refused by name, and still make a group")
  func tooManyBands() throws {
    let bands = (1...9).map {
      SeriesEffect.biquad(
        .init(name: "p\($0)", response: .peak, frequencyHz: .init(30, 4000), q: .init(0.2, 20)))
    }
    let chain = ChainDescription(series: bands, sends: [])
    #expect(throws: SymmetryError.tooManyBands(group: "equaliser peak", count: 9, limit: 8)) {
      try chain.symmetries.group([.bands]).elements()
    }
    #expect(try chain.symmetries.group([.bands]).count == 362_880)
    #expect(throws: SymmetryError.absentFamily(name: "signs")) { try chain.symmetries.group([.signs]) }
    #expect(throws: SymmetryError.unknownFamily(name: "sign", known: ["signs", "bands", "lookahead", "mirror"])) {
      try SymmetryFamily.list("sign")
    }
  }

  @Test("folded parameters keep their value under sign and period, and fold to the nearest copy")
  func folding() throws {
    let folded = try #require(ChainDescription.diffVox.symmetries.foldedParameters.first)
    let bijector = Bijector.folded(period: folded.period)
    var theta = [Double](repeating: 0, count: 130)
    for logit in [-14.0, -3.5, 0.2, 7, 40] {
      theta[folded.index] = logit
      let value = bijector.forward(logit)
      for symmetry in [folded.sign, folded.lengthening, folded.lengthening.followed(by: folded.lengthening)] {
        let moved = try #require(symmetry.image(of: theta)).theta[folded.index]
        #expect(abs(bijector.forward(moved) - value) < 1e-12, "\(symmetry.name) at \(logit)")
      }
      #expect(abs(bijector.forward(folded.copy(of: logit, nearestTo: -31)) - value) < 1e-12)
      var nearest = Double.infinity
      for count in 0...4 {
        let magnitude = value + 15 * Double(count)
        nearest = min(nearest, abs(magnitude + 31), abs(31 - magnitude))
      }
      let found = folded.copy(of: logit, nearestTo: -31)
      #expect(abs(abs(found + 31) - nearest) < 1e-12)
    }
    theta[folded.index] = 3
    #expect(!folded.lengthening.inverse.applies(to: theta))
  }

  @Test("near-invariances apply where their criterion holds, and name it")
  func nearInvariances() throws {
    let chain = ChainDescription.diffVox
    let space = chain.parameterSpace
    var values = space.values(ofLogits: [Double](repeating: 0.1, count: space.count))
    func applying() throws -> Set<String> {
      let theta = try space.logits(ofValues: values)
      return Set(chain.symmetries.nearInvariances.filter { $0.applies(to: theta) }.map(\.name))
    }
    func set(_ name: String, _ value: Double) { space.index(of: name).map { values[$0] = value } }
    for index in space.parameters.indices where space.parameters[index].unit == .decibel { values[index] = -3 }
    #expect(try applying() == [])
    set("peak1.gain", 0.05)
    set("delay.gain", 0.0005)
    set("compressor.threshold", 1)
    #expect(try applying() == ["peak1 inactive", "delay closed", "compressor never reached"])
    set("compressor.expander_threshold", -90)
    set("reverb.send", 0.0001)
    #expect(try applying().contains("compressor idle"))
    #expect(try applying().contains("reverb.send closed"))
    let inactive = try #require(chain.symmetries.nearInvariances.first)
    #expect(inactive.conditions.map(\.description) == ["peak1.gain within 0.1 dB of 0"])
  }
}
