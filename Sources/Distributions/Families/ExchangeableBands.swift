import Foundation
public import NumericCore

/// A density of presets whose bands have no order: a mixture over kinds of presets, in each of which every band is
/// drawn by itself from a mixture over types of bands that all kinds share.
///
/// log p(x) = log sum_k w_k N(x_R; m_k, S_k) prod_b sum_t v_kt N(x_b; c_t, T_t),
///
/// with R the coordinates outside the bands. The numbers of bands of each type are so a mixture of multinomials.
/// Any order of the bands has the same density, with nothing to sum over. What it cannot say is that two bands
/// shun one frequency: given the kind, bands do not know of each other.
public struct ExchangeableBands: Distribution {
  public static let family = "exchangeable-bands"
  /// The coordinates of each band, all of one length, in the same order of settings.
  public let bands: [[Int]]
  /// The coordinates outside the bands, ascending.
  public let rest: [Int]
  /// w, positive, sum 1.
  public let kindWeights: [Double]
  /// Over ``rest``, one for each kind; empty where there is no other coordinate.
  public let kinds: [MultivariateNormal]
  /// v [kinds][types], positive, each row with sum 1.
  public let typeWeights: [[Double]]
  /// Over the settings of a band.
  public let types: [MultivariateNormal]

  public var dimension: Int { rest.count + bands.reduce(0) { $0 + $1.count } }

  /// - Precondition: bands and rest are a partition of the coordinates; sizes agree; weights are positive.
  public init(
    bands: [[Int]], rest: [Int], kindWeights: [Double], kinds: [MultivariateNormal], typeWeights: [[Double]],
    types: [MultivariateNormal]
  ) {
    let all = (bands.flatMap { $0 } + rest).sorted()
    precondition(all == Array(all.indices), "Bands and rest are no partition")
    precondition(bands.allSatisfy { $0.count == types[0].dimension }, "Types of other bands")
    precondition(rest.isEmpty ? kinds.isEmpty : kinds.count == kindWeights.count, "\(kinds.count) kinds")
    precondition(typeWeights.count == kindWeights.count, "\(typeWeights.count) rows of type weights")
    precondition(typeWeights.allSatisfy { $0.count == types.count }, "Weights of other types")
    precondition((kindWeights + typeWeights.flatMap { $0 }).allSatisfy { $0 > 0 && $0.isFinite }, "Weights")
    self.bands = bands
    self.rest = rest
    self.kindWeights = kindWeights
    self.kinds = kinds
    self.typeWeights = typeWeights
    self.types = types
  }

  public var mean: [Double] {
    var result = [Double](repeating: 0, count: dimension)
    for (kind, weight) in kindWeights.enumerated() {
      for (place, position) in rest.enumerated() { result[position] += weight * kinds[kind].mean[place] }
      for (share, type) in zip(typeWeights[kind], types) {
        for band in bands {
          for (field, position) in band.enumerated() { result[position] += weight * share * type.mean[field] }
        }
      }
    }
    return result
  }

  // MARK: - Density

  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    for index in score.indices { score[index] = 0 }
    let terms = Terms(self, at: point, withScores: true)
    for (kind, term) in terms.kinds.enumerated() {
      let share = exp(term - terms.total)
      guard share > 0 else { continue }
      if !rest.isEmpty {
        var own = [Double](repeating: 0, count: rest.count)
        _ = kinds[kind].logDensity(at: rest.map { point[$0] }, score: &own)
        for (position, slope) in zip(rest, own) { score[position] += share * slope }
      }
      for (band, positions) in bands.enumerated() {
        for type in types.indices {
          let weight = share * exp(log(typeWeights[kind][type]) + terms.bands[band][type] - terms.sums[kind][band])
          for (position, slope) in zip(positions, terms.scores[band][type]) { score[position] += weight * slope }
        }
      }
    }
    return terms.total
  }

  public func logDensity(at point: [Double]) -> Double { Terms(self, at: point, withScores: false).total }

  /// log of w_k and of what a kind makes of a point.
  func logKindTerms(at point: [Double]) -> [Double] { Terms(self, at: point, withScores: false).kinds }

  private struct Terms {
    /// log N(x_b; c_t, T_t) [band][type].
    var bands: [[Double]] = []
    /// Their gradients, where asked for.
    var scores: [[[Double]]] = []
    /// log sum_t v_kt N(x_b; c_t, T_t) [kind][band].
    var sums: [[Double]] = []
    /// log of the term of each kind.
    var kinds: [Double] = []
    var total = 0.0

    init(_ density: ExchangeableBands, at point: [Double], withScores: Bool) {
      for positions in density.bands {
        let settings = positions.map { point[$0] }
        var slopes: [[Double]] = []
        bands.append(
          density.types.map { type in
            guard withScores else { return type.logDensity(at: settings) }
            var slope = [Double](repeating: 0, count: settings.count)
            defer { slopes.append(slope) }
            return type.logDensity(at: settings, score: &slope)
          })
        scores.append(slopes)
      }
      let others = density.rest.map { point[$0] }
      for (kind, weights) in density.typeWeights.enumerated() {
        let logs = weights.map { log($0) }
        sums.append(bands.map { terms in logSumExp(zip(logs, terms).map(+)) })
        let own = density.rest.isEmpty ? 0 : density.kinds[kind].logDensity(at: others)
        kinds.append(log(density.kindWeights[kind]) + own + sums[kind].reduce(0, +))
      }
      total = logSumExp(kinds)
    }
  }

  public func sample(using source: inout RandomSource) -> [Double] {
    var result = [Double](repeating: 0, count: dimension)
    let kind = source.nextIndex(weights: kindWeights)
    if !rest.isEmpty {
      for (position, value) in zip(rest, kinds[kind].sample(using: &source)) { result[position] = value }
    }
    for band in bands {
      let type = types[source.nextIndex(weights: typeWeights[kind])]
      for (position, value) in zip(band, type.sample(using: &source)) { result[position] = value }
    }
    return result
  }
}
