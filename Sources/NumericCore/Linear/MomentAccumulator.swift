import CNumericKernels
import COpenBLAS

/// Count, mean and scatter of rows that arrive in blocks: one pass, memory for one matrix whatever the number of
/// rows.
///
/// The scatter is S = sum w (x - mean)(x - mean)^T. A block is shifted by a provisional mean before it is
/// multiplied (dsyrk), so that a mean far from zero costs no digits, and is merged by the formulas of Chan, Golub
/// and LeVeque (1983), doi:10.1080/00031305.1983.10483115: with d the difference of two means, S = S_a + S_b + (w_a
/// w_b / (w_a + w_b)) d d^T.
public struct MomentAccumulator: Sendable, Equatable {
  /// Number of columns.
  public let dimension: Int
  /// Number of rows.
  public private(set) var count = 0
  /// Sum of the weights; `count` for rows without weights. Weights count in units of 2^``weightExponent``.
  public private(set) var weightSum = 0.0
  /// Sum of the squares of the weights.
  public private(set) var squaredWeightSum = 0.0
  /// 0 unless weights are so large or so small that their squares are no numbers (``WeightUnit``).
  public private(set) var weightExponent = 0
  /// The weighted mean of each column; zeros while there are no rows.
  public private(set) var mean: [Double]
  /// The smallest entry of each column; equal to the largest where the column is constant.
  public private(set) var minima: [Double]
  /// The largest entry of each column.
  public private(set) var maxima: [Double]
  /// The upper triangle of S, row-major; what is below the diagonal has no meaning.
  private var upper: [Double]

  /// Moments of no rows yet.
  ///
  /// - Parameter dimension: entries of a row.
  public init(dimension: Int) {
    self.dimension = dimension
    mean = Array(repeating: 0, count: dimension)
    minima = Array(repeating: .infinity, count: dimension)
    maxima = Array(repeating: -.infinity, count: dimension)
    upper = Array(repeating: 0, count: dimension * dimension)
  }

  /// Takes up statistics that were stored.
  ///
  /// - Throws: ``LinearAlgebraError`` unless the mean (reported as row 0) and the scatter are finite and the
  ///   scatter is symmetric.
  /// - Precondition: sizes agree, and counts and weights are not negative.
  public init(
    count: Int, weightSum: Double, squaredWeightSum: Double, weightExponent: Int = 0, mean: [Double],
    minima: [Double], maxima: [Double], scatter: Matrix
  ) throws(LinearAlgebraError) {
    precondition(count >= 0 && weightSum >= 0 && squaredWeightSum >= 0, "\(count) rows of weight \(weightSum)")
    precondition(
      mean.count == scatter.rows && minima.count == mean.count && maxima.count == mean.count,
      "A mean of \(mean.count) and \(scatter.rows) rows of scatter")
    try Matrix(rows: 1, columns: mean.count, values: mean).requireFinite()
    try scatter.requireSymmetric()
    dimension = mean.count
    self.count = count
    self.weightSum = weightSum
    self.squaredWeightSum = squaredWeightSum
    self.weightExponent = weightExponent
    self.mean = mean
    self.minima = minima
    self.maxima = maxima
    upper = scatter.symmetrised.values
  }

  // MARK: - Results

  /// Whether nothing has overflowed, as squares of entries beyond 1e154 do.
  public var isFinite: Bool {
    weightSum.isFinite && squaredWeightSum.isFinite && mean.allSatisfy(\.isFinite)
      && (0..<dimension).allSatisfy { row in
        upper[(row * dimension + row)..<((row + 1) * dimension)].allSatisfy(\.isFinite)
      }
  }

  /// S, exactly symmetric.
  public var scatter: Matrix { scaledScatter(1) }

  /// S / (weightSum - `lostDegreesOfFreedom`): 1 is unbiased for rows without weights, 0 the maximum of the
  /// Gaussian likelihood.
  ///
  /// - Precondition: `weightSum > lostDegreesOfFreedom`.
  public func covariance(lostDegreesOfFreedom: Double = 1) -> Matrix {
    precondition(
      weightSum > lostDegreesOfFreedom, "A weight of \(weightSum) with \(lostDegreesOfFreedom) degrees lost")
    return scaledScatter(1 / (weightSum - lostDegreesOfFreedom))
  }

  private func scaledScatter(_ scale: Double) -> Matrix {
    var result = Matrix(rows: dimension, columns: dimension)
    for row in 0..<dimension {
      for column in row..<dimension {
        let value = scale * upper[row * dimension + column]
        result[row, column] = value
        result[column, row] = value
      }
    }
    return result
  }

  // MARK: - Adding

  /// Adds the rows of a matrix, with weights or without.
  ///
  /// - Throws: ``LinearAlgebraError/notFinite(row:column:value:)`` if an entry is not finite; nothing is added
  ///   then.
  /// - Precondition: the matrix has `dimension` columns and the weights are finite, not negative, one per row.
  public mutating func add(_ rows: Matrix, weights: [Double]? = nil) throws(LinearAlgebraError) {
    precondition(rows.columns == dimension, "Rows of \(rows.columns) entries in \(dimension) dimensions")
    var copy = rows.values
    let block = try copy.withUnsafeMutableBufferPointer { buffer throws(LinearAlgebraError) in
      try MomentAccumulator(consuming: buffer, dimension: dimension, weights: weights)
    }
    merge(block)
  }

  /// Adds what another accumulator holds. Merging the same parts in the same order gives the same result to the
  /// last bit; in another order it differs by rounding.
  ///
  /// - Complexity: dimension^2 operations.
  public mutating func merge(_ other: MomentAccumulator) {
    precondition(other.dimension == dimension, "\(other.dimension) dimensions merged into \(dimension)")
    guard other.count > 0 else { return }
    var other = other
    if weightExponent != other.weightExponent {
      let exponent =
        weightSum == 0
        ? other.weightExponent : other.weightSum == 0 ? weightExponent : max(weightExponent, other.weightExponent)
      setUnit(exponent)
      other.setUnit(exponent)
    }
    let total = weightSum + other.weightSum
    if other.weightSum > 0 {
      let difference = zip(other.mean, mean).map(-)
      for index in upper.indices { upper[index] += other.upper[index] }
      if weightSum > 0 {
        addProduct(of: difference, scale: weightSum * (other.weightSum / total))
        for index in mean.indices { mean[index] += difference[index] * (other.weightSum / total) }
      } else {
        mean = other.mean
      }
    }
    for index in minima.indices {
      minima[index] = min(minima[index], other.minima[index])
      maxima[index] = max(maxima[index], other.maxima[index])
    }
    count += other.count
    weightSum = total
    squaredWeightSum += other.squaredWeightSum
  }

  /// The statistics of one block of rows, in whose memory they are computed: `rows` holds no data afterwards.
  ///
  /// - Parameters:
  ///   - rows: a block [count, dimension], one row after another; overwritten.
  ///   - dimension: numbers per row, positive; the length of the block is a multiple of it.
  ///   - weights: finite and not negative, one per row; nil for 1 each.
  /// - Throws: ``LinearAlgebraError/notFinite(row:column:value:)`` with the first entry that is not finite; the
  ///   rows are untouched then.
  /// - Complexity: count dimension^2 floating-point operations (dsyrk).
  public init(
    consuming rows: UnsafeMutableBufferPointer<Double>, dimension: Int, weights: [Double]? = nil
  ) throws(LinearAlgebraError) {
    precondition(
      dimension > 0 && rows.count.isMultiple(of: dimension), "\(rows.count) numbers in rows of \(dimension)")
    let count = rows.count / dimension
    precondition(weights.map { $0.count == count } ?? true, "There is not one weight per row")
    precondition(weights?.allSatisfy { $0 >= 0 && $0.isFinite } ?? true, "A weight is negative or not finite")
    self.init(dimension: dimension)
    guard count > 0, let base = rows.baseAddress else { return }
    self.count = count
    weightExponent = weights.map { WeightUnit.exponent(of: $0) } ?? 0
    let weights = weights.map { WeightUnit.scaled($0, exponent: weightExponent) }
    weightSum = weights?.reduce(0, +) ?? Double(count)
    squaredWeightSum = weights?.reduce(0) { $0 + $1 * $1 } ?? Double(count)

    let shift = try Self.provisionalMean(rows, count: count, dimension: dimension)
    var residuals = [Double](repeating: 0, count: dimension)
    let roots = weights?.map { $0.squareRoot() }
    moments_centre(base, count, dimension, shift, roots, &residuals, &minima, &maxima)
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, CblasTrans, Int32(dimension), Int32(count), 1, base, Int32(dimension), 0, &upper,
      Int32(dimension))
    guard weightSum > 0 else { return }
    addProduct(of: residuals, scale: -1 / weightSum)
    for index in mean.indices { mean[index] = shift[index] + residuals[index] / weightSum }
  }

  /// The mean of a block but for rounding, which is then corrected.
  private static func provisionalMean(
    _ rows: UnsafeMutableBufferPointer<Double>, count: Int, dimension: Int
  ) throws(LinearAlgebraError) -> [Double] {
    let first = Array(rows[0..<dimension])
    var sums = [Double](repeating: 0, count: dimension)
    moments_sum(rows.baseAddress, count, dimension, first, &sums)
    // A sum is not finite if an entry is not, so that the entries need no look of their own.
    if let column = sums.firstIndex(where: { !$0.isFinite }) {
      let index = rows.firstIndex { !$0.isFinite }
      throw .notFinite(
        row: (index ?? 0) / dimension, column: index.map { $0 % dimension } ?? column,
        value: index.map { rows[$0] } ?? sums[column])
    }
    return zip(first, sums).map { $0 + $1 / Double(count) }
  }

  /// Counts weights in units of 2^exponent.
  private mutating func setUnit(_ exponent: Int) {
    let change = weightExponent - exponent
    weightExponent = exponent
    guard change != 0 else { return }
    weightSum = weightSum.scaled(by: change)
    squaredWeightSum = squaredWeightSum.scaled(by: 2 * change)
    for index in upper.indices { upper[index] = upper[index].scaled(by: change) }
  }

  /// Adds `scale` v v^T to the upper triangle.
  private mutating func addProduct(of vector: [Double], scale: Double) {
    cblas_dsyr(CblasRowMajor, CblasUpper, Int32(dimension), scale, vector, 1, &upper, Int32(dimension))
  }
}
