import Distributions
import FXParams
import Foundation
import NumericCore
import Synchronization

/// Learns the slots of one equaliser: a density is fitted to the presets as they stand, each preset takes the order
/// of bands that the density likes best, and so on until nothing moves (hard EM). Under a normal density both steps
/// raise the likelihood of the completed data; families that choose their strengths anew each time need not.
///
/// It begins from several orders, all functions of the settings: by frequency, by gain, by Q, and random ones that
/// are drawn on top of the order by frequency. In the first rounds slots do not know of one another, which is an
/// assignment problem and leads to better ends; then orders are searched under the whole density. The start that
/// is ahead after a few rounds is taken to its end. Until there the density is normal; the one of a family goes on
/// from it. Large collections are learned from a part of their presets.
struct SlotLearning {
  private(set) var part: SlotModel.Part
  /// Mean log density of the presets in their slots before each round of the best start, in nats per preset.
  private(set) var objectives: [Double] = []

  /// Rounds of independent slots, of the search for every start and for the best one, and presets learned from.
  private static let (assignedRounds, trialRounds, mostRounds, mostPresets) = (6, 4, 60, 10_000)
  private static let randomStarts = 2
  /// Presets that the prior on each covariance, its own diagonal, counts for, per coordinate.
  private static let priorPerCoordinate = 1.0

  init(
    _ theta: Matrix, positions: [Int], groups: [Int], symmetries: ChainSymmetries, fit: SlotFit, threads: Int
  ) throws {
    let stride = (theta.rows + Self.mostPresets - 1) / Self.mostPresets
    let rows = Swift.stride(from: 0, to: theta.rows, by: max(stride, 1)).map { theta.row($0) }
    let orderings = groups.map { BandOrdering(symmetries.bandGroups[$0]) }
    let byFrequency = rows.map { row in orderings.map { $0.byFrequency(row) } }
    var best: State?
    for start in 0..<3 + Self.randomStarts {
      let points = Self.points(rows, positions, groups, symmetries, byFrequency, start: start)
      var state = State(
        part: try Self.part(fittedTo: points, positions: positions, groups: groups, symmetries: symmetries))
      // A family that does not suit says so before the work.
      if start == 0 { _ = try fit.density(of: points, in: state.part.layout) }
      for round in 0..<Self.assignedRounds + Self.trialRounds {
        try state.advance(rows, byFrequency, isCoupled: round >= Self.assignedRounds, by: .normal, threads: threads)
      }
      if state.objectives.last ?? -.infinity > best?.objectives.last ?? -.infinity { best = state }
    }
    guard var state = best else { preconditionFailure("No start") }
    for stage in fit.isNormal ? [.normal] : [.normal, fit] {
      state.isSettled = false
      for _ in 0..<Self.mostRounds where !state.isSettled {
        try state.advance(rows, byFrequency, isCoupled: true, by: stage, threads: threads)
      }
    }
    part = state.part
    objectives = state.objectives
  }

  /// One start of the learning.
  private struct State {
    var part: SlotModel.Part
    var objectives: [Double] = []
    var orders: [[[Int]]] = []
    var isSettled = false

    /// One round: the best order of every preset, then the density of all.
    mutating func advance(
      _ rows: [[Double]], _ starts: [[[Int]]], isCoupled: Bool, by fit: SlotFit, threads: Int
    ) throws {
      let part = part
      let parts = Mutex([Int: [SlotModel.Part.Found]]())
      let block = 64
      ParallelBlocks.run(count: (rows.count + block - 1) / block, threads: threads) {
      } process: { index, _ in
        let found = (index * block..<min((index + 1) * block, rows.count)).map { row in
          part.order(of: rows[row], start: starts[row], isCoupled: isCoupled)
        }
        parts.withLock { $0[index] = found }
      }
      let found = parts.withLock { $0 }.sorted { $0.key < $1.key }.flatMap(\.value)
      let next = found.map(\.orders)
      objectives.append(found.reduce(0) { $0 + $1.value } / Double(found.count))
      isSettled = next == orders
      orders = next
      self.part = try part.refitted(to: found, by: fit)
    }
  }

  /// The logits of an equaliser in one of the starting orders.
  private static func points(
    _ rows: [[Double]], _ positions: [Int], _ groups: [Int], _ symmetries: ChainSymmetries,
    _ byFrequency: [[[Int]]], start: Int
  ) -> Matrix {
    var source = RandomSource(seed: UInt64(start))
    var values: [Double] = []
    for (row, orders) in zip(rows, byFrequency) {
      var theta = row
      for (group, order) in zip(groups, orders) {
        let bands = symmetries.bandGroups[group]
        let byFrequencyOfGroup = order
        var order = order
        // Frequency, gain and Q: the number of the start is that of the setting, where bands have it.
        if start == 1 || start == 2 {
          let field = start == 1 ? 0 : bands.indices[0].count - 1
          func size(_ band: Int) -> Double {
            let value = bands.parameters[band][field].bijector.forward(row[bands.indices[band][field]])
            return start == 1 ? -value.magnitude : value
          }
          let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
          order.sort { (size($0), places[$0] ?? 0) < (size($1), places[$1] ?? 0) }
        } else if start > 2 {
          order.shuffle(using: &source)
        }
        // Where ranges forbid an order, that by frequency stands: it depends on the settings alone.
        let image =
          bands.permutation(order).image(of: theta)
          ?? bands.permutation(byFrequencyOfGroup).image(of: theta)
        theta = image?.theta ?? theta
      }
      values += positions.map { theta[$0] }
    }
    return Matrix(rows: rows.count, columns: positions.count, values: values)
  }

  // MARK: - Fitting

  private static func part(
    fittedTo points: Matrix, positions: [Int], groups: [Int], symmetries: ChainSymmetries
  ) throws -> SlotModel.Part {
    let places = Dictionary(uniqueKeysWithValues: positions.enumerated().map { ($1, $0) })
    let bands = groups.compactMap { group -> BandGroup? in
      guard
        case .permutations(let bands) = FiniteSymmetryGroup.Factor.permutations(symmetries.bandGroups[group])
          .reindexed(by: places)
      else { return nil }
      return bands
    }
    let layout = BandLayout(bands, dimension: positions.count)
    let gains = bands.flatMap { group in
      zip(group.parameters, group.indices).map { parameters, indices in
        parameters.firstIndex { $0.unit == .decibel }.map { indices[$0] }
      }
    }
    let moments = try SampleMoments(points)
    let density = try Self.normal(
      mean: moments.mean, covariance: moments.covariance(lostDegreesOfFreedom: 0), count: points.rows)
    return try SlotModel.Part(
      positions: positions, groups: groups, layout: layout, gains: gains, density: density,
      emptyShares: gains.map { _ in 0.5 / Double(points.rows + 1) })
  }

  /// The slots of presets that stand in them.
  static func part(
    ofCanonical theta: Matrix, positions: [Int], groups: [Int], symmetries: ChainSymmetries, fit: SlotFit
  ) throws -> SlotModel.Part {
    let part = try part(
      fittedTo: theta.selecting(rows: Array(0..<theta.rows), columns: positions), positions: positions,
      groups: groups, symmetries: symmetries)
    return try part.refitted(to: (0..<theta.rows).map { part.standing(theta.row($0)) }, by: fit)
  }

  static func normal(mean: [Double], covariance: Matrix, count: Int) throws -> MultivariateStudentT {
    let share = priorPerCoordinate * Double(mean.count)
    let weight = Double(count) / (Double(count) + share)
    var result = covariance
    for row in mean.indices {
      for column in mean.indices where column != row { result[row, column] *= weight }
      // Columns that do not vary, or hardly, are no evidence for an order.
      result[row, row] = max(result[row, row], 1e-8)
    }
    return try MultivariateStudentT(location: mean, scatter: result, degreesOfFreedom: .infinity)
  }
}
