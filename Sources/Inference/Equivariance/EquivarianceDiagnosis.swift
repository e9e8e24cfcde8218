import FXChain
public import FXParams
import Foundation
import NumericCore
public import PresetStore
public import PriorKit
import StyleFeatures
import Synchronization

/// How invariant the sound of presets, and a prior over them, is under the symmetries of their chain.
public struct EquivarianceDiagnosis: Sendable, Encodable {
  /// Quantiles of one figure over presets.
  public struct Quantiles: Sendable, Encodable {
    /// The smallest value.
    public let lowest: Double
    /// The 25 % quantile, interpolated linearly.
    public let lowerQuartile: Double
    /// The 50 % quantile.
    public let median: Double
    /// The 75 % quantile.
    public let upperQuartile: Double
    /// The largest value.
    public let highest: Double

    /// Nil for no values.
    init?(_ values: [Double]) {
      let sorted = values.sorted()
      guard let first = sorted.first, let last = sorted.last else { return nil }
      func at(_ share: Double) -> Double {
        let position = share * Double(sorted.count - 1)
        let below = Int(position)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
      }
      (lowest, highest) = (first, last)
      (lowerQuartile, median, upperQuartile) = (at(0.25), at(0.5), at(0.75))
    }
  }

  /// One symmetry on all presets.
  public struct Finding: Sendable, Encodable {
    /// The name of the symmetry.
    public let name: String
    /// Whether it is exact, limited to a domain, approximate or continuous.
    public let kind: Symmetry.Kind
    /// What it does to the sound: nothing, or an exchange of left and right.
    public let effect: Symmetry.Effect
    /// Conditions of an approximate symmetry, in words.
    public let criterion: [String]
    /// On how many presets it applies.
    public let applies: Int
    /// On how many of these it was heard.
    public let rendered: Int
    /// The largest change of a third-octave band, in dB.
    public let largestBandDB: Quantiles?
    /// The change of the output over its magnitude, |y' - y| / |y|.
    public let relativeError: Quantiles?
    /// The angle, in radians, between the embeddings before and after, the larger of mid and side; by encoder.
    public let embeddingAngle: [String: Quantiles]
    /// The change of the log density, in nats.
    public let logDensityChange: Quantiles?
  }

  /// Number of presets in the collection.
  public let presets: Int
  /// The dry signal in words.
  public let dry: String
  /// One per symmetry of the chain, and per composite tried.
  public let findings: [Finding]

  /// A dry signal, with the chain that it is rendered through.
  public struct Sound: Sendable {
    public let description: String
    let chain: ChainDescription
    let dry: [Double]
    let encoders: [StyleEncoderKind]

    /// Bursts of noise through responses cut to their length.
    public static func probe(of chain: ChainDescription) -> Sound {
      Sound(
        description: "bursts of noise, responses cut to \(ProbeSignal.seconds) s",
        chain: chain.limitingResponses(toSeconds: ProbeSignal.seconds),
        dry: ProbeSignal.bursts(sampleRate: chain.sampleRate), encoders: [])
    }

    /// A recording at the chain's sample rate, through the chain as it is.
    public static func recording(_ dry: [Float], name: String, chain: ChainDescription) -> Sound {
      Sound(
        description: name, chain: chain, dry: dry.map { Double($0) }, encoders: Array(StyleEncoderKind.allCases))
    }
  }

  /// - Parameters:
  ///   - collection: the presets.
  ///   - prior: of the presets' chain; nil where log densities are not compared.
  ///   - sound: the dry signal that presets are heard with.
  ///   - renderedCount: presets that are heard, evenly spaced over the collection; symmetries that apply to few of
  ///     them are heard on others too.
  ///   - seed: of the random element of the group that each preset is moved by.
  ///   - threads: most threads to use; the result does not depend on them.
  ///   - progress: called for each preset heard.
  /// - Throws: `SymmetryError`, or `StyleEncoderError` for a recording shorter than a frame.
  public init(
    of collection: PresetCollection, prior: Prior?, sound: Sound, renderedCount: Int, seed: UInt64,
    threads: Int = 1, progress: @Sendable () -> Void = {}
  ) throws {
    let subjects = try Self.subjects(of: collection, seed: seed)
    let hearings = Self.hearings(subjects, of: collection, count: renderedCount)
    let results = Mutex([(Int, Result<[Int: Heard], any Error>)]())
    ParallelBlocks.run(count: hearings.count, threads: threads) {
      Result { try Listener(sound) }
    } process: { index, listener in
      let hearing = hearings[index]
      let result = Result {
        let elements = hearing.subjects.map { subjects[$0][hearing.row] }
        let heard = try listener.get().hear(elements, theta: collection.theta.row(hearing.row))
        return Dictionary(
          uniqueKeysWithValues: zip(hearing.subjects, heard).compactMap { pair in pair.1.map { (pair.0, $0) } })
      }
      results.withLock { $0.append((index, result)) }
      progress()
    }
    let rows = try results.withLock { try $0.sorted { $0.0 < $1.0 }.map { try $0.1.get() } }
    presets = collection.count
    dry = sound.description
    let densities = prior.map { $0.logDensities(ofRows: collection.theta) }
    findings = subjects.enumerated().map { index, elements in
      Finding(
        elements, presets: collection.theta, prior: prior, densities: densities,
        heard: rows.compactMap { $0[index] })
    }
  }

  /// Rows spread evenly over a collection.
  public static func evenlySpaced(_ count: Int, of total: Int) -> [Int] {
    let count = min(max(count, 0), total)
    return (0..<count).map { $0 * total / count }
  }

  /// A preset and which of the subjects it is moved by.
  private struct Hearing {
    let row: Int
    var subjects: [Int]
  }

  /// Evenly spaced presets for all subjects; and for a subject that applies to few of these, some that it applies
  /// to.
  private static func hearings(_ subjects: [[Symmetry]], of collection: PresetCollection, count: Int) -> [Hearing] {
    let rows = evenlySpaced(count, of: collection.count)
    var hearings = rows.map { Hearing(row: $0, subjects: Array(subjects.indices)) }
    for (index, elements) in subjects.enumerated() {
      func applies(_ row: Int) -> Bool { elements[row].applies(to: collection.theta.row(row)) }
      let missing = min(fewest, rows.count) - rows.count { applies($0) }
      guard missing > 0 else { continue }
      let others = (0..<collection.count).lazy.filter { !rows.contains($0) && applies($0) }
      hearings += others.prefix(missing).map { Hearing(row: $0, subjects: [index]) }
    }
    return hearings
  }

  /// Presets that a symmetry is heard on, where it applies to as many.
  private static let fewest = 3

  /// What every preset is moved by: one symmetry for all, or an element drawn for each.
  private static func subjects(of collection: PresetCollection, seed: UInt64) throws -> [[Symmetry]] {
    let symmetries = collection.chain.symmetries
    let group = try symmetries.exactGroup()
    var same = symmetries.generators
    for network in symmetries.networks {
      let all = network.signs.reduce(Symmetry.identity) {
        $0.followed(by: $1, name: "\(network.name) signs of all lines")
      }
      same.append(all)
      same.append(all.followed(by: network.gauge(2), name: "\(network.name) signs of all lines, gauge 2"))
    }
    same += symmetries.nearInvariances
    let drawn = (0..<collection.count).map { row in
      var source = RandomSource(seed: seed, stream: UInt64(row))
      let theta = collection.theta.row(row)
      // Most draws apply; one that does not is drawn again, and the identity always applies.
      let element = (0..<64).lazy.map { _ in group.randomElement(using: &source) }.first { $0.applies(to: theta) }
      return Symmetry.identity.followed(by: element ?? .identity, name: "random element of the exact group")
    }
    return same.map { Array(repeating: $0, count: collection.count) } + [drawn]
  }
}

/// What was heard of one preset before and after.
struct Heard: Sendable {
  var deviation: OutputDeviation
  var angles: [String: Double]
}

extension EquivarianceDiagnosis.Finding {
  fileprivate init(
    _ elements: [Symmetry], presets: Matrix, prior: Prior?, densities: [Double]?, heard: [Heard]
  ) {
    let first = elements.first ?? .identity
    let images = elements.enumerated().compactMap { row, element in
      element.image(of: presets.row(row)).map { (row: row, theta: $0.theta) }
    }
    name = first.name
    kind = elements.map(\.kind).max() ?? first.kind
    effect = first.effect
    criterion = first.conditions.map(\.description)
    applies = images.count
    rendered = heard.count
    largestBandDB = .init(heard.map(\.deviation.largestBandDB))
    relativeError = .init(heard.map(\.deviation.relativeError))
    let encoders = Set(heard.flatMap(\.angles.keys))
    embeddingAngle = Dictionary(
      uniqueKeysWithValues: encoders.sorted().compactMap { encoder in
        EquivarianceDiagnosis.Quantiles(heard.compactMap { $0.angles[encoder] }).map { (encoder, $0) }
      })
    logDensityChange = densities.flatMap { densities in
      guard let prior, !images.isEmpty else { return nil }
      let moved = prior.logDensities(
        ofRows: Matrix(rows: images.count, columns: presets.columns, values: images.flatMap(\.theta)))
      return .init(zip(images, moved).map { $1 - densities[$0.row] })
    }
  }
}
