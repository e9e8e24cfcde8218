import FXParams
import Foundation
import Testing

/// Random presets and chains for the laws.
enum SymmetryFixtures {
  /// DiffVox, and a chain with three peaks, a second equaliser behind the compressor, and two lines of reverb.
  static let chains: [ChainDescription] = [.diffVox, manyPeaks]

  static let manyPeaks = ChainDescription(
    series: [
      .biquad(.init(name: "low", response: .peak, frequencyHz: .init(30, 4000), q: .init(0.2, 20))),
      .biquad(.init(name: "shelf", response: .lowShelf, frequencyHz: .init(30, 200))),
      .biquad(.init(name: "mid", response: .peak, frequencyHz: .init(100, 8000), q: .init(0.1, 10))),
      .biquad(.init(name: "high", response: .peak, frequencyHz: .init(500, 16000), q: .init(0.2, 20))),
      .compressorExpander(.init()),
      .biquad(.init(name: "after1", response: .peak, frequencyHz: .init(30, 4000), q: .init(0.2, 20))),
      .biquad(.init(name: "after2", response: .peak, frequencyHz: .init(30, 4000), q: .init(0.2, 20))),
    ],
    sends: [.feedbackDelayNetwork(.init(delaySamples: [97, 131], decayPoints: 5, responseSeconds: 0.2, tone: []))])

  static func preset(of chain: ChainDescription, seed: UInt64, spread: Double = 1.5) -> [Double] {
    var generator = SplitMix(state: seed)
    return (0..<chain.parameterSpace.count).map { _ in Double.random(in: -spread...spread, using: &generator) }
  }
}

/// A small generator, so that these tests need no other module.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite("Laws of symmetries")
struct SymmetryLawTests {
  private func near(_ first: [Double], _ second: [Double], _ tolerance: Double = 1e-9) -> Bool {
    zip(first, second).allSatisfy { abs($0 - $1) <= tolerance * (1 + abs($1)) }
  }

  /// Generators, near-invariances and random elements of the group of all families.
  private func symmetries(of chain: ChainDescription, seed: UInt64) throws -> [Symmetry] {
    let all = chain.symmetries
    let group = try all.group(all.families)
    var source = SplitMix(state: seed)
    return all.generators + all.nearInvariances + (0..<20).map { _ in group.randomElement(using: &source) }
  }

  @Test("the identity moves nothing and has no determinant", arguments: SymmetryFixtures.chains)
  func identity(chain: ChainDescription) throws {
    let theta = SymmetryFixtures.preset(of: chain, seed: 1)
    let image = try #require(Symmetry.identity.image(of: theta))
    #expect(image.theta == theta && image.logDeterminant == 0)
    let elements = try chain.symmetries.exactGroup().elements()
    #expect(elements[0].entries.isEmpty)
  }

  @Test(
    "a symmetry and its inverse undo each other, with opposite determinants", arguments: SymmetryFixtures.chains)
  func inverses(chain: ChainDescription) throws {
    var applied = 0
    for seed in 0..<20 as Range<UInt64> {
      let theta = SymmetryFixtures.preset(of: chain, seed: seed)
      for symmetry in try symmetries(of: chain, seed: seed) where symmetry.kind != .approximate {
        guard let image = symmetry.image(of: theta) else { continue }
        applied += 1
        let back = try #require(symmetry.inverse.image(of: image.theta), "\(symmetry.name)")
        #expect(near(back.theta, theta), "\(symmetry.name)")
        #expect(abs(back.logDeterminant + image.logDeterminant) < 1e-9, "\(symmetry.name)")
        let composed = symmetry.followed(by: symmetry.inverse)
        #expect(near(composed.image(of: theta)?.theta ?? [], theta), "\(symmetry.name)")
      }
    }
    #expect(applied > 200)
  }

  @Test("composition is one map after the other, and determinants add up", arguments: SymmetryFixtures.chains)
  func closure(chain: ChainDescription) throws {
    var applied = 0
    for seed in 0..<20 as Range<UInt64> {
      let theta = SymmetryFixtures.preset(of: chain, seed: seed)
      let elements = try symmetries(of: chain, seed: seed).filter { $0.kind != .approximate }
      for (first, second) in zip(elements, elements.dropFirst(3)) {
        guard let middle = first.image(of: theta), let last = second.image(of: middle.theta) else { continue }
        applied += 1
        let composed = try #require(first.followed(by: second).image(of: theta), "\(first.name), \(second.name)")
        #expect(near(composed.theta, last.theta), "\(first.name), \(second.name)")
        #expect(abs(composed.logDeterminant - middle.logDeterminant - last.logDeterminant) < 1e-9)
      }
    }
    #expect(applied > 100)
  }

  @Test("determinants and pullbacks are those of central differences", arguments: SymmetryFixtures.chains)
  func derivatives(chain: ChainDescription) throws {
    let theta = SymmetryFixtures.preset(of: chain, seed: 5, spread: 0.8)
    var generator = SplitMix(state: 9)
    let slopes = theta.map { _ in Double.random(in: -1...1, using: &generator) }
    for symmetry in try symmetries(of: chain, seed: 5) where symmetry.applies(to: theta) {
      // f(theta) = <slopes, image> + log |det|, whose gradient the pullback gives.
      func value(_ point: [Double]) -> Double {
        guard let image = symmetry.image(of: point) else { return .nan }
        return zip(slopes, image.theta).reduce(0) { $0 + $1.0 * $1.1 } + image.logDeterminant
      }
      let pulled = symmetry.pullback(slopes, at: theta)
      var logDeterminant = 0.0
      for entry in symmetry.entries {
        var (above, below) = (theta, theta)
        above[entry.source] += 1e-5
        below[entry.source] -= 1e-5
        let difference = (value(above) - value(below)) / 2e-5
        #expect(abs(pulled[entry.source] - difference) < 1e-6 * (1 + abs(difference)), "\(symmetry.name)")
        let images = (
          symmetry.image(of: above)?.theta[entry.target], symmetry.image(of: below)?.theta[entry.target]
        )
        if case (let high?, let low?) = images { logDeterminant += log(abs(high - low) / 2e-5) }
      }
      #expect(abs((symmetry.image(of: theta)?.logDeterminant ?? .nan) - logDeterminant) < 1e-6, "\(symmetry.name)")
    }
  }

  @Test("powers of a gauge compose by adding exponents")
  func powers() throws {
    let chain = ChainDescription.diffVox
    let gauge = try #require(chain.symmetries.networks.first).gauge(2)
    let theta = SymmetryFixtures.preset(of: chain, seed: 3)
    let twice = gauge.followed(by: gauge).image(of: theta)?.theta ?? []
    #expect(near(gauge.raised(to: 2).image(of: theta)?.theta ?? [], twice, 1e-14))
    #expect(near(gauge.raised(to: -1).image(of: theta)?.theta ?? [], gauge.inverse.image(of: theta)?.theta ?? []))
    #expect(gauge.kind == .continuous && abs(gauge.image(of: theta)?.logDeterminant ?? 1) < 1e-12)
  }

  @Test("symmetries and groups come back from JSON")
  func coding() throws {
    let symmetries = ChainDescription.diffVox.symmetries
    let group = try symmetries.group(symmetries.families)
    let data = try JSONEncoder().encode(group)
    #expect(try JSONDecoder().decode(FiniteSymmetryGroup.self, from: data) == group)
  }
}
