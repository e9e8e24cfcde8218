import Foundation
import NumericCore
import Testing

@Suite struct NormalKernelTests {
  /// Box and Muller by the functions of the C library, which are right to the last place or two.
  @Test func deviatesAreThoseOfBoxAndMuller() {
    var words = RandomSource(seed: 6)
    var source = words
    for _ in 0..<20_000 {
      let radius = (-2 * log(words.nextUniform())).squareRoot()
      let angle = 2 * Double.pi * words.nextUniform()
      #expect(abs(source.nextNormal() - radius * cos(angle)) <= 2e-15 * radius)
      #expect(abs(source.nextNormal() - radius * sin(angle)) <= 2e-15 * radius)
    }
  }

  /// Bit patterns that every instruction set must give.
  @Test func deviatesAreTheSameOnEveryProcessor() {
    var row = [Double](repeating: 0, count: 40)
    row.withUnsafeMutableBufferPointer { RandomSource.fillNormal($0, columns: 40, seed: 1, streams: 5..<6) }
    let digest = row.reduce(UInt64(0)) { ($0 &* 31) &+ $1.bitPattern }
    #expect(digest == 0xc8e5_38d9_845f_0433)
  }

  /// Rows of any length, across whole vectors and rests.
  @Test(arguments: [1, 2, 15, 16, 17, 33]) func rowsBeginTheirStreams(columns: Int) {
    var rows = [Double](repeating: 0, count: 3 * columns)
    rows.withUnsafeMutableBufferPointer { RandomSource.fillNormal($0, columns: columns, seed: 8, streams: 2..<5) }
    for row in 0..<3 {
      var source = RandomSource(seed: 8, stream: UInt64(2 + row))
      #expect(Array(rows[row * columns..<(row + 1) * columns]) == (0..<columns).map { _ in source.nextNormal() })
    }
  }

  @Test func fillingGoesOnWhereDrawingStopped() {
    var filled = RandomSource(seed: 3)
    var drawn = filled
    for count in [1, 4, 7, 2] {
      var buffer = [Double](repeating: 0, count: count)
      filled.fillNormal(&buffer)
      #expect(buffer == (0..<count).map { _ in drawn.nextNormal() })
    }
  }
}
