import FXParams
public import NumericCore
public import PresetStore
import Synchronization

/// The canonical form of a collection: every preset aligned to the mean of all, which is found by iteration.
///
/// Presets begin in the form of the rules, which depends on their orbits alone; then each takes the copy nearest to
/// the mean, and the mean is taken again, until nothing moves. Both steps lower the scatter about the mean, so this
/// ends.
public struct Canonicalisation: Sendable {
  /// In canonical form, in the order of the original.
  public let presets: PresetCollection
  /// With the mean that presets were aligned to as its reference.
  public let canonicaliser: Canonicaliser
  /// From each original preset to its canonical form.
  public let moves: [Canonicaliser.Moves]
  /// Number of alignments of all presets until nothing moved; 0 with a given reference.
  public let sweeps: Int

  /// Hundreds of presets settle in fewer sweeps. In very large collections a few presets still alternate between
  /// two patterns, and the last sweep decides. The result is a function of the orbits in both cases.
  public static let maximumSweeps = 50

  /// - Parameters:
  ///   - presets: the collection as it is; its order is kept.
  ///   - canonicaliser: with a reference, presets are aligned to that one, and nothing is iterated.
  ///   - threads: most threads to use; the result does not depend on their number.
  /// - Throws: ``PriorError`` where slots are to be learned from fewer than two presets; the errors of the family
  ///   that they are learned under.
  public init(of presets: PresetCollection, by canonicaliser: Canonicaliser, threads: Int = 1) throws {
    var canonicaliser = canonicaliser
    if canonicaliser.bandRule == .slots, canonicaliser.slots == nil, !canonicaliser.symmetries.bandGroups.isEmpty {
      canonicaliser.slots = try SlotModel(
        learnedFrom: presets, under: canonicaliser.slotFamily, threads: threads)
    }
    var current = Self.apply(canonicaliser, to: presets.theta, threads: threads)
    var sweeps = 0
    if canonicaliser.reference == nil, canonicaliser.bandRule == .assigned {
      while sweeps < Self.maximumSweeps {
        canonicaliser.reference = Self.reference(current.theta)
        let next = Self.apply(canonicaliser, to: presets.theta, threads: threads)
        sweeps += 1
        let isSettled = next.moves == current.moves
        current = next
        if isSettled { break }
      }
    } else if canonicaliser.reference == nil {
      let iteration = SignIteration(current.theta, networks: canonicaliser.symmetries.networks, threads: threads)
      sweeps = iteration.sweeps
      canonicaliser.reference = iteration.reference
      iteration.apply(to: &current)
    }
    self.sweeps = sweeps
    self.canonicaliser = canonicaliser
    moves = current.moves
    var result = presets
    result.theta = current.theta
    result.canonicalisation = canonicaliser.summary
    let (form, moves) = (canonicaliser, current.moves)
    result.information = presets.information?.carried(rows: Array(0..<presets.count)) { row in
      form.permutation(of: presets.theta.row(row), by: moves[row])
    }
    for row in 0..<(result.information?.matrices.count ?? 0) {
      guard let matrix = result.information?.matrices[row] else { continue }
      result.information?.matrices[row] = form.withBalance(matrix, at: result.theta.row(row))
    }
    self.presets = result
  }

  /// The mean of canonical presets, and their mean squares.
  public static func reference(_ theta: Matrix) -> Canonicaliser.Reference {
    var mean = [Double](repeating: 0, count: theta.columns)
    var squares = mean
    for row in 0..<theta.rows {
      for (column, value) in theta.row(row).enumerated() {
        mean[column] += value
        squares[column] += value * value
      }
    }
    let count = Double(max(theta.rows, 1))
    return Canonicaliser.Reference(mean: mean.map { $0 / count }, meanSquares: squares.map { $0 / count })
  }

  private static func apply(
    _ canonicaliser: Canonicaliser, to theta: Matrix, threads: Int
  ) -> (theta: Matrix, moves: [Canonicaliser.Moves]) {
    let block = 1024
    let count = (theta.rows + block - 1) / block
    let parts = Mutex([Int: ([Double], [Canonicaliser.Moves])]())
    ParallelBlocks.run(count: count, threads: threads) {
    } process: { index, _ in
      var (values, moves): ([Double], [Canonicaliser.Moves]) = ([], [])
      for row in index * block..<min((index + 1) * block, theta.rows) {
        let canonical = canonicaliser.canonical(theta.row(row))
        values += canonical.theta
        moves.append(canonical.moves)
      }
      parts.withLock { $0[index] = (values, moves) }
    }
    let done = parts.withLock { $0 }
    let ordered = (0..<count).compactMap { done[$0] }
    return (
      Matrix(rows: theta.rows, columns: theta.columns, values: ordered.flatMap(\.0)), ordered.flatMap(\.1)
    )
  }
}
