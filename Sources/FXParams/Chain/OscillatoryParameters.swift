/// Parameters whose sound follows from interference: a delay time sets how copies of a signal add up, sample by
/// sample.
///
/// Along such a parameter any measure of the sound has a trend, over a range of many milliseconds, and on it
/// ripples a sample or two wide. The ripples hardly matter (about 1e-3 of a style loss) but rule the derivative: it
/// has their slope, a hundred times that of the trend, and says nothing of where the trend leads. Methods that
/// follow gradients must take values there instead.
extension ChainDescription {
  /// Positions in flat order, ascending.
  public var oscillatoryPositions: [Int] {
    let declarations = declared.declarations.list
    return declarations.indices.filter { declarations[$0].isOscillatory }
  }
}
