import FXChain
public import FXParams
import Foundation
public import NumericCore
import Synchronization

/// Looks for symmetries that nobody declared: directions in which presets may move and the output hardly changes.
///
/// With J the derivative of the output with respect to the logits, by central differences of renderings, F = J^T J
/// / |y|^2 is the Gauss-Newton matrix of the relative change of the output, averaged over presets. Its eigenvectors
/// of small eigenvalues are the near-null directions. Two kinds of motion are searched: translations theta + t v,
/// and scalings theta_i exp(t v_i) of the parameters that have no bounds, for which F is diag(theta) F diag(theta):
/// a gauge, whose translation differs from preset to preset, is one and the same scaling for all.
///
/// Central differences take two renderings per parameter. Products of J^T with random cotangents (a sketch of F)
/// take a rendering and a pullback each, which is about three, and need several times as many cotangents as
/// parameters before their small eigenvalues mean anything.
public struct SensitivitySearch: Sendable {
  /// How a direction moves presets: theta + t v, or theta_i exp(t v_i).
  public enum Motion: String, Sendable, Encodable { case translation, scaling }

  /// A direction that moves the output little.
  public struct Direction: Sendable, Encodable {
    /// How it moves presets.
    public let motion: Motion
    /// The parameters that carry it, in words.
    public let name: String
    /// The declared symmetry that it is, if any.
    public let declared: String?
    /// Entries of the unit vector by parameter, the largest first, up to 99% of its squared length.
    public let loadings: [Loading]
    /// How far one may go before the output changes by 1 dB, from the eigenvalue; absent where that is infinite.
    public let predictedLength: Double?
    /// The same by moving presets: the median, at most the longest tried.
    public let measuredLength: Double
    /// Whether the output had not changed by 1 dB at the longest length tried.
    public let isUnbounded: Bool
  }

  /// What one parameter contributes to a direction.
  public struct Loading: Sendable, Encodable {
    /// The parameter's name.
    public let parameter: String
    /// Its entry of the unit vector.
    public let weight: Double
  }

  /// A change of the output by as much as a change of its level of 1 dB: |y' - y| = 0.122 |y|.
  public static let deviation = pow(10, 1.0 / 20) - 1
  /// Directions that move the output by 1 dB only after this length, or never, count as null.
  static let nullLength = 1000.0

  /// The chain that presets are rendered with.
  public let chain: ChainDescription
  private let sound: EquivarianceDiagnosis.Sound
  private let step: Double

  /// - Parameters:
  ///   - chain: the chain of the presets.
  ///   - sound: the dry signal, with the chain to render it through.
  ///   - step: of the central differences, in logits.
  public init(_ chain: ChainDescription, sound: EquivarianceDiagnosis.Sound, step: Double = 1e-4) {
    self.chain = chain
    self.sound = sound
    self.step = step
  }

  /// The directions of a collection, of either motion the `count` that move the output least.
  ///
  /// - Parameters:
  ///   - presets: rows of logits.
  ///   - count: directions of each motion.
  ///   - threads: most threads to use; the result does not depend on them.
  ///   - progress: called after each preset.
  /// - Throws: `StyleEncoderError` for a recording too short, `LinearAlgebraError` if the matrix is not finite.
  public func directions(
    of presets: Matrix, count: Int = 8, threads: Int = 1, progress: @Sendable () -> Void = {}
  ) throws -> [Direction] {
    let matrices = try sensitivities(of: presets, threads: threads, progress: progress)
    let space = chain.parameterSpace
    let all = Array(0..<space.count)
    let unbounded = all.filter { space.parameters[$0].bijector == .identity }
    let listener = try Listener(sound)
    return try [(Motion.translation, all), (.scaling, unbounded)].flatMap { motion, indices in
      let matrix = Self.average(matrices, of: presets, motion: motion).selecting(rows: indices, columns: indices)
      let found = try NullDirections(matrix, nullValue: pow(Self.deviation / Self.nullLength, 2))
      return found.directions.prefix(count).map { direction in
        var vector = [Double](repeating: 0, count: space.count)
        for (index, weight) in zip(indices, direction.vector) { vector[index] = weight }
        let lengths = (0..<min(presets.rows, 3)).map {
          length(of: vector, motion: motion, at: presets.row($0), listener: listener)
        }.sorted()
        let longest = Self.longest(motion)
        let measured = lengths.isEmpty ? longest : lengths[lengths.count / 2]
        return Direction(
          motion: motion, name: DirectionName(vector, chain: chain).text,
          declared: declaredName(of: vector, motion: motion),
          loadings: DirectionName(vector, chain: chain).loadings,
          predictedLength: direction.value > 1e-20 ? Self.deviation / direction.value.squareRoot() : nil,
          measuredLength: measured, isUnbounded: measured >= longest)
      }
    }
  }

  // MARK: - Sensitivity

  /// F of each preset.
  private func sensitivities(
    of presets: Matrix, threads: Int, progress: @Sendable () -> Void
  ) throws -> [Matrix] {
    let results = Mutex([(Int, Result<Matrix, any Error>)]())
    ParallelBlocks.run(count: presets.rows, threads: threads) {
      Result { try Listener(sound) }
    } process: { row, listener in
      let result = listener.map { sensitivity(at: presets.row(row), listener: $0) }
      results.withLock { $0.append((row, result)) }
      progress()
    }
    return try results.withLock { try $0.sorted { $0.0 < $1.0 }.map { try $0.1.get() } }
  }

  /// J^T J / |y|^2 at one preset.
  private func sensitivity(at theta: [Double], listener: Listener) -> Matrix {
    let reference = listener.render(theta)
    let energy = (reference.left + reference.right).reduce(0) { $0 + $1 * $1 }
    let frames = reference.left.count
    var derivatives = Matrix(rows: theta.count, columns: 2 * frames)
    for index in theta.indices {
      var moved = theta
      moved[index] = theta[index] + step
      let above = listener.render(moved)
      moved[index] = theta[index] - step
      let below = listener.render(moved)
      for frame in 0..<frames {
        derivatives[index, frame] = (above.left[frame] - below.left[frame]) / (2 * step)
        derivatives[index, frames + frame] = (above.right[frame] - below.right[frame]) / (2 * step)
      }
    }
    var matrix = derivatives.multiplied(by: derivatives, transposingOther: true).symmetrised
    for index in matrix.values.indices { matrix.values[index] /= max(energy, .leastNormalMagnitude) }
    return matrix
  }

  private static func average(_ matrices: [Matrix], of presets: Matrix, motion: Motion) -> Matrix {
    var result = Matrix(rows: presets.columns, columns: presets.columns)
    for (row, matrix) in matrices.enumerated() {
      let scales = motion == .scaling ? presets.row(row) : Array(repeating: 1, count: presets.columns)
      for first in scales.indices {
        for second in scales.indices {
          result[first, second] += scales[first] * scales[second] * matrix[first, second] / Double(matrices.count)
        }
      }
    }
    return result
  }

  // MARK: - Lengths

  /// The longest motion tried: 100 logits, or a factor of e^4.
  private static func longest(_ motion: Motion) -> Double { motion == .translation ? 100 : 4 }

  /// How far a preset may move before its output changes by 1 dB, either way, to 1%.
  private func length(of vector: [Double], motion: Motion, at theta: [Double], listener: Listener) -> Double {
    let reference = listener.render(theta)
    func isNear(_ length: Double) -> Bool {
      [length, -length].allSatisfy { length in
        let moved = zip(theta, vector).map {
          motion == .translation ? $0 + length * $1 : $0 * exp(length * $1)
        }
        return OutputComparison.relativeError(of: listener.render(moved), from: reference) < Self.deviation
      }
    }
    let longest = Self.longest(motion)
    if isNear(longest) { return longest }
    var (below, above) = (longest * 1e-4, longest)
    guard isNear(below) else { return below }
    while above > 1.02 * below {
      let middle = (below * above).squareRoot()
      if isNear(middle) { below = middle } else { above = middle }
    }
    return below
  }

  // MARK: - Names

  /// The continuous symmetry whose own direction this is, to 5 degrees or so.
  private func declaredName(of vector: [Double], motion: Motion) -> String? {
    guard motion == .scaling else { return nil }
    return chain.symmetries.generators.filter { $0.kind == .continuous }.first { symmetry in
      let linear = symmetry.linearEntries ?? []
      let tangent = linear.map { (index: $0.target, weight: log($0.factor)) }
      let norm = tangent.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
      let product = tangent.reduce(0) { $0 + $1.weight * vector[$1.index] }
      return norm > 0 && abs(product) / norm > 0.995
    }?.name
  }
}
