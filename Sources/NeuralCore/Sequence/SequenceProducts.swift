import CNeuralKernels
import NumericCore
import Synchronization

/// The products of matrices of a network, shared among threads by tiles whose sizes do not depend on how many there
/// are; each tile is computed by one thread.
///
/// Buffers are given with the place where they begin.
final class SequenceProducts: Sendable {
  typealias Place = (buffer: SignalBuffer<Float>, start: Int)

  let team: ThreadTeam
  private let failure = Atomic<UInt32>(NEURAL_OK.rawValue)

  /// Rows and columns of a tile: large enough for the speed of a product, small enough to keep many threads busy.
  private static let tile = (rows: 1024, columns: 256)

  init(team: ThreadTeam) { self.team = team }

  /// - Throws: ``NeuralError`` if a product failed since the last call.
  func requireSuccess() throws {
    let status = failure.exchange(NEURAL_OK.rawValue, ordering: .relaxed)
    try check(neural_status(rawValue: status), .float32)
  }

  /// output[r] = bias + sum_g row[r + g] weights_g for all rows of a batch.
  func convolve(
    _ convolution: PooledConvolution, rows: Int, input: Place, weights: Place, bias: Place, output: Place
  ) {
    let (inputs, outputs) = (convolution.pool * convolution.inputs, convolution.outputs)
    eachTile(rows: rows, columns: outputs) { row, column in
      let target = output.buffer.pointer + output.start + row.lowerBound * outputs
      let biases = bias.buffer.pointer + bias.start
      for own in 0..<row.count {
        (target + own * outputs + column.lowerBound).update(from: biases + column.lowerBound, count: column.count)
      }
      for group in 0..<convolution.groups {
        self.multiply(
          rows: row.count, columns: column.count, inner: convolution.width(ofGroup: group),
          left: input.buffer.pointer + input.start + (row.lowerBound + group) * inputs, leftStride: inputs,
          right: weights.buffer.pointer + weights.start + group * inputs * outputs + column.lowerBound,
          rightStride: outputs, adds: true, result: target + column.lowerBound, resultStride: outputs)
      }
    }
  }

  /// gradient_g = sum_r row[r + g]^T cotangent[r]; the cotangent is zero in rows that have no meaning.
  func weightGradient(
    _ convolution: PooledConvolution, rows: Int, input: Place, cotangent: Place, gradient: Place
  ) {
    let (inputs, outputs) = (convolution.pool * convolution.inputs, convolution.outputs)
    for group in 0..<convolution.groups {
      eachTile(rows: convolution.width(ofGroup: group), columns: outputs, rowsOfTile: 512) { row, column in
        self.multiply(
          transposesLeft: true, rows: row.count, columns: column.count, inner: rows,
          left: input.buffer.pointer + input.start + group * inputs + row.lowerBound, leftStride: inputs,
          right: cotangent.buffer.pointer + cotangent.start + column.lowerBound, rightStride: outputs, adds: false,
          result: gradient.buffer.pointer + gradient.start + (group * inputs + row.lowerBound) * outputs
            + column.lowerBound, resultStride: outputs)
      }
    }
  }

  /// result[r] = sum_g cotangent[r - g] weights_g^T. Before the cotangent's place lie `overlap` rows of zeros.
  func inputCotangent(
    _ convolution: PooledConvolution, rows: Int, cotangent: Place, weights: Place, result: Place
  ) {
    let (inputs, outputs) = (convolution.pool * convolution.inputs, convolution.outputs)
    eachTile(rows: rows, columns: inputs) { row, column in
      for group in 0..<convolution.groups {
        let used = min(column.upperBound, convolution.width(ofGroup: group)) - column.lowerBound
        guard used > 0 else { continue }
        self.multiply(
          transposesRight: true, rows: row.count, columns: used, inner: outputs,
          left: cotangent.buffer.pointer + cotangent.start + (row.lowerBound - group) * outputs,
          leftStride: outputs,
          right: weights.buffer.pointer + weights.start + (group * inputs + column.lowerBound) * outputs,
          rightStride: outputs, adds: group > 0,
          result: result.buffer.pointer + result.start + row.lowerBound * inputs + column.lowerBound,
          resultStride: inputs)
      }
    }
  }

  private func eachTile(
    rows: Int, columns: Int, rowsOfTile: Int = tile.rows,
    _ body: @escaping @Sendable (_ rows: Range<Int>, _ columns: Range<Int>) -> Void
  ) {
    let across = (columns + Self.tile.columns - 1) / Self.tile.columns
    team.run((rows + rowsOfTile - 1) / rowsOfTile * across) { index in
      let (row, column) = (index / across * rowsOfTile, index % across * Self.tile.columns)
      body(row..<min(rows, row + rowsOfTile), column..<min(columns, column + Self.tile.columns))
    }
  }

  private func multiply(
    transposesLeft: Bool = false, transposesRight: Bool = false, rows: Int, columns: Int, inner: Int,
    left: UnsafePointer<Float>, leftStride: Int, right: UnsafePointer<Float>, rightStride: Int, adds: Bool,
    result: UnsafeMutablePointer<Float>, resultStride: Int
  ) {
    let status = sequence_product(
      transposesLeft ? 1 : 0, transposesRight ? 1 : 0, Int64(rows), Int64(columns), Int64(inner), left,
      Int64(leftStride), right, Int64(rightStride), adds ? 1 : 0, result, Int64(resultStride))
    if status != NEURAL_OK { failure.store(status.rawValue, ordering: .relaxed) }
  }
}
