import FXChain
import FXParams
import HDF5Store
import Inference
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// Symmetries leave the sound of published presets on real singing as it is.
@Suite(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
struct ExactnessTests {
  let presets: PresetCollection
  let dry: [Float]

  init() throws {
    presets = try DiffVoxImport.read(folder: Reference.path("diffvox/internal"), selection: .train)
    // Half a second from the middle of the reference's two, in the voice.
    dry = try Reference.open("chain").doubles("/dry").values[44_100..<66_150].map { Float($0) }
  }

  private struct Voice {
    let renderer: ChainRenderer<Float>

    func render(_ theta: [Double]) -> [[Double]] {
      renderer.render(logits: theta)
      let (left, right) = renderer.output(of: 0)
      return [left.array.map { Double($0) }, right.array.map { Double($0) }]
    }

    static func relativeError(_ first: [[Double]], _ second: [[Double]]) -> Double {
      let difference = zip(first.joined(), second.joined()).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return (difference / second.joined().reduce(0) { $0 + $1 * $1 }).squareRoot()
    }
  }

  @Test("random exact elements, gauges, bands and the mirror change 20 presets by less than 1e-4")
  func twentyPresets() throws {
    let voice = Voice(renderer: ChainRenderer(presets.chain, segments: [dry], threads: 2))
    let symmetries = presets.chain.symmetries
    let network = try #require(symmetries.networks.first)
    let group = try symmetries.exactGroup()
    let mirror = try #require(symmetries.mirror)
    var (worst, exchanged) = (0.0, 0)
    for row in EquivarianceDiagnosis.evenlySpaced(20, of: presets.count) {
      let theta = presets.theta.row(row)
      let reference = voice.render(theta)
      #expect(reference.joined().contains { abs($0) > 1e-3 })
      var source = RandomSource(seed: 11, stream: UInt64(row))
      let gauge = network.gauge(2).raised(to: source.nextNormal())
      let draws = (0..<50).lazy.map { _ in group.randomElement(using: &source).followed(by: gauge) }
      var elements = [try #require(draws.first { $0.applies(to: theta) })]
      let exchanges = symmetries.bandGroups.map { $0.exchange(0, 1) }.filter { $0.applies(to: theta) }
      exchanged += exchanges.count
      // All bands that may change places, in one preset.
      elements.append(exchanges.reduce(.identity) { $0.followed(by: $1) })
      for element in elements {
        let image = try #require(element.image(of: theta)).theta
        let error = Voice.relativeError(voice.render(image), reference)
        worst = max(worst, error)
        #expect(error < 1e-4, "\(element.name) of preset \(row)")
      }
      let mirrored = voice.render(try #require(mirror.image(of: theta)).theta)
      #expect(Voice.relativeError([mirrored[1], mirrored[0]], reference) < 1e-4)
    }
    #expect(exchanged > 10)
    print("largest relative error: \(worst)")
  }

  @Test("a canonical preset sounds as it did, and a gauge of one line alone does not")
  func canonicalAndNot() throws {
    let voice = Voice(renderer: ChainRenderer(presets.chain, segments: [dry], threads: 2))
    let canonical = try Canonicalisation(of: presets, by: Canonicaliser(presets.chain))
    for row in [10, 200] {
      let theta = presets.theta.row(row)
      let reference = voice.render(theta)
      let moved = canonical.presets.theta.row(row)
      #expect(moved != theta)
      #expect(Voice.relativeError(voice.render(moved), reference) < 1e-4)
      let network = try #require(presets.chain.symmetries.networks.first)
      var oneLine = theta
      for channel in 0..<2 {
        oneLine[network.b(0, channel)] *= 2
        oneLine[network.c(channel, 0)] /= 2
      }
      #expect(Voice.relativeError(voice.render(oneLine), reference) > 1e-3)
    }
  }
}
