/// The positions of a feedback delay network's parameters, and the symmetries of H = c (D^-1 - U Gamma)^-1 b.
///
/// With S diagonal, c S^-1 (D^-1 - (S U S^-1) Gamma)^-1 S b = H, since S commutes with D and Gamma. S U S^-1 is
/// orthogonal, and so in the range of U = expm(W - W^T), for every U only if |S| is a multiple of the identity:
/// signs of the lines, which turn the signs of rows and columns of W, and one gauge b -> k b, c -> c / k for all
/// lines together. A gauge for each line by itself is no symmetry.
public struct NetworkSymmetries: Sendable, Hashable, Codable {
  /// That of the effect.
  public let name: String
  /// Number of delay lines.
  public let lineCount: Int
  /// Position of b of the first line.
  let start: Int
  /// Position of the first entry of W.
  let generatorStart: Int

  /// Position of b of a line and an input channel.
  public func b(_ line: Int, _ channel: Int) -> Int { start + 2 * line + channel }
  /// Position of c of an output channel and a line.
  public func c(_ channel: Int, _ line: Int) -> Int { start + 2 * lineCount + channel * lineCount + line }
  /// Position of W of two lines, row < column.
  public func w(_ row: Int, _ column: Int) -> Int {
    generatorStart + row * lineCount - row * (row + 1) / 2 + column - row - 1
  }

  /// Positions of all b [lineCount, 2] in row-major order.
  public var inputGains: [Int] { Array(start..<start + 2 * lineCount) }
  /// Positions of all c [2, lineCount] in row-major order.
  public var outputGains: [Int] { Array(start + 2 * lineCount..<start + 4 * lineCount) }
  /// Positions of the strict upper triangle of W, row by row.
  public var generator: [Int] { Array(generatorStart..<generatorStart + lineCount * (lineCount - 1) / 2) }

  /// One line with its sign turned.
  public func sign(ofLine line: Int) -> Symmetry {
    let others = (0..<lineCount).filter { $0 != line }
    let turned =
      [b(line, 0), b(line, 1), c(0, line), c(1, line)] + others.map { w(min($0, line), max($0, line)) }
    return Symmetry(
      name: "\(name) sign of line \(line + 1)", kind: .exact,
      entries: turned.map { .init(target: $0, source: $0, map: LogitMap([.scaled(by: -1)])) })
  }

  /// One per line; each is its own inverse, and they commute.
  public var signs: [Symmetry] { (0..<lineCount).map(sign) }

  /// b -> factor b, c -> c / factor. With as many inputs as outputs its determinant is 1.
  ///
  /// - Precondition: the factor is positive; a negative one is the gauge of its magnitude with all signs turned.
  public func gauge(_ factor: Double) -> Symmetry {
    precondition(factor > 0 && factor.isFinite, "A gauge of \(factor)")
    return Symmetry(
      name: "\(name) gauge \(factor.plainText)", kind: .continuous,
      entries: inputGains.map { .init(target: $0, source: $0, map: LogitMap([.scaled(by: factor)])) }
        + outputGains.map { .init(target: $0, source: $0, map: LogitMap([.scaled(by: 1 / factor)])) })
  }

  /// Left and right of inputs and outputs exchanged.
  var mirrorEntries: [Symmetry.Entry] {
    (0..<lineCount).flatMap { line in
      (0..<2).flatMap { channel in
        [
          Symmetry.Entry(target: b(line, channel), source: b(line, 1 - channel)),
          Symmetry.Entry(target: c(channel, line), source: c(1 - channel, line)),
        ]
      }
    }
  }
}
