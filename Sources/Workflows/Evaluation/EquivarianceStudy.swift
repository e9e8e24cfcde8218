import AudioFiles
import FXParams
public import Inference
import NumericCore
public import PresetStore
public import PriorKit

/// Which symmetries presets have, what a prior makes of them, and which others there may be.
public struct EquivarianceStudy: Sendable {
  /// Presets with squares that are numbers.
  public var presets: PresetCollection
  /// A prior of the same chain, to see by how much symmetries change its log density.
  public var prior: Prior?
  /// A dry vocal that is rendered in place of the test signal.
  public var recording: String?
  /// How many presets are rendered, evenly spaced; some more for symmetries that apply to few.
  public var renderedCount = Self.usualRenderedCount
  /// How many presets the search for other symmetries looks at; 0 leaves it out.
  public var searchedCount = Self.usualSearchedCount
  /// How many directions the search lists, of either kind.
  public var directionCount = Self.usualDirectionCount
  /// Of the elements of continuous symmetries.
  public var seed: UInt64 = 0
  /// Most threads to use; the result does not depend on them.
  public var threads = 1

  /// ``renderedCount`` unless another is asked for.
  public static let usualRenderedCount = 24
  /// ``searchedCount`` unless another is asked for: a search renders each preset many times.
  public static let usualSearchedCount = 2
  /// ``directionCount`` unless another is asked for.
  public static let usualDirectionCount = 8

  /// A study of presets on the test signal, without a prior.
  public init(of presets: PresetCollection) { self.presets = presets }

  /// What a study found.
  public struct Result: Sendable {
    /// Of each symmetry of the chain: where it applies, how it sounds, and what the prior makes of it.
    public let diagnosis: EquivarianceDiagnosis
    /// How far the presets are from their canonical form.
    public let canonical: CanonicalisationReport
    /// Directions in which logits hardly matter, found without the declarations.
    public let directions: [SensitivitySearch.Direction]
  }

  /// Renders, measures and searches.
  ///
  /// - Parameter monitor: is told of every preset that is rendered or searched; work stops between the parts.
  /// - Throws: ``InterruptedError``; what reading the recording throws; `StyleEncoderError` for a recording too
  ///   short, `LinearAlgebraError` for sensitivities that are not finite.
  public func run(monitor: some WorkMonitor = QuietMonitor()) throws -> Result {
    let diagnosis = try diagnosis(monitor)
    try monitor.requireNotCancelled()
    let canonical = CanonicalisationReport(
      try Canonicalisation(of: presets, by: Canonicaliser(presets.chain), threads: threads), of: presets)
    return Result(diagnosis: diagnosis, canonical: canonical, directions: try directions(monitor))
  }

  private func diagnosis(_ monitor: some WorkMonitor) throws -> EquivarianceDiagnosis {
    let count = min(renderedCount, presets.count)
    let progress = monitor.progress("render", total: max(count, 1))
    defer { progress.finish() }
    return try EquivarianceDiagnosis(
      of: presets, prior: prior, sound: try sound(), renderedCount: count, seed: seed, threads: threads,
      progress: { progress.advance() })
  }

  private func sound() throws -> EquivarianceDiagnosis.Sound {
    guard let recording else { return .probe(of: presets.chain) }
    let dry = try AudioReader.read(path: recording).mono()
      .resampled(to: presets.chain.sampleRate, source: recording)
      .normalised(toLUFS: AudioPreparation.standardLUFS, source: recording)
    return .recording(dry.channels[0], name: recording, chain: presets.chain)
  }

  /// The search takes the test signal, whose renderings are short.
  private func directions(_ monitor: some WorkMonitor) throws -> [SensitivitySearch.Direction] {
    let rows = EquivarianceDiagnosis.evenlySpaced(searchedCount, of: presets.count)
    guard !rows.isEmpty else { return [] }
    let progress = monitor.progress("search", total: rows.count)
    defer { progress.finish() }
    return try SensitivitySearch(presets.chain, sound: .probe(of: presets.chain)).directions(
      of: presets.theta.selecting(rows: rows), count: directionCount, threads: threads,
      progress: { progress.advance() })
  }
}
