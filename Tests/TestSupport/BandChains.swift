public import FXParams
public import NumericCore

/// A low shelf that is fixed but for its gain, and peaks whose order is arbitrary.
///
/// - Parameter mixesRanges: whether every other peak has a wider range, which not all settings of the others reach.
public func peakChain(_ count: Int, mixesRanges: Bool = false) -> ChainDescription {
  let peaks = (0..<count).map { number in
    let isWide = mixesRanges && number % 2 == 1
    return SeriesEffect.biquad(
      .init(
        name: "peak\(number + 1)", response: .peak,
        frequencyHz: isWide ? ParameterBounds(20, 16000) : ParameterBounds(60, 12000),
        q: isWide ? ParameterBounds(0.1, 20) : ParameterBounds(0.2, 10)))
  }
  return ChainDescription(
    series: [.biquad(.init(name: "low", response: .lowShelf, frequencyHz: .fixed(105), q: nil))] + peaks, sends: [],
    hasDirectPan: false)
}

/// A normal density with couplings between all coordinates, and slots that differ.
public func coupledNormal(_ dimension: Int, seed: UInt64, coupling: Double = 0.6) throws -> MultivariateNormal {
  var source = RandomSource(seed: seed)
  let loadings = Matrix(
    rows: 4, columns: dimension, values: (0..<4 * dimension).map { _ in coupling * source.nextNormal() })
  var covariance = loadings.gram(scale: 0.5)
  for index in 0..<dimension { covariance[index, index] += 0.3 + 0.5 * source.nextUniform() }
  return try MultivariateNormal(
    mean: (0..<dimension).map { _ in 1.2 * source.nextNormal() }, covariance: covariance)
}
