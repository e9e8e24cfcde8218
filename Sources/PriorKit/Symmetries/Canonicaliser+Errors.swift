import FXParams
import NumericCore

extension Canonicaliser {
  /// What moves did to a preset, with the derivatives that its errors need.
  ///
  /// The factor of a gauge is taken as a number, although it depends on the preset.
  func permutation(of theta: [Double], by moves: Moves) -> LogitPermutation {
    var result = LogitPermutation(at: theta)
    for (group, order) in zip(symmetries.bandGroups, moves.bandOrders) where order != Array(0..<group.count) {
      result.apply(group.permutation(order))
    }
    for (place, folded) in symmetries.foldedParameters.enumerated() {
      let logit = result.theta[folded.index]
      result.replace(
        folded.index, by: folded.folded(logit), derivative: moves.foldedSigns[place] ? -1 : 1)
    }
    for (network, factor) in zip(symmetries.networks, moves.gauges) where factor != 1 {
      for index in network.inputGains {
        result.replace(index, by: result.theta[index] * factor, derivative: factor)
      }
      for index in network.outputGains {
        result.replace(index, by: result.theta[index] / factor, derivative: 1 / factor)
      }
    }
    if moves.isMirrored, let mirror = symmetries.mirror { result.apply(mirror) }
    for (network, pattern) in zip(symmetries.networks, moves.signPatterns) {
      for line in 0..<network.lineCount where pattern >> UInt(line) & 1 == 1 {
        result.apply(network.sign(ofLine: line))
      }
    }
    return result
  }
  /// Information with what balanced gauges add: along the gauge of a network there is nothing to know.
  ///
  /// Balanced presets have |b|^2 = |c|^2, so that along the gradient of their difference they do not vary; nothing
  /// else in a fit would say so.
  func withBalance(_ information: Matrix, at theta: [Double]) -> Matrix {
    guard balancesGauge else { return information }
    var result = information
    for network in symmetries.networks {
      let slopes =
        network.inputGains.map { ($0, theta[$0]) } + network.outputGains.map { ($0, -theta[$0]) }
      let norm = slopes.reduce(0) { $0 + $1.1 * $1.1 }
      guard norm > 0 else { continue }
      // A hundredth of the length of (b, c) is taken for no variation.
      let weight = 1e4 / (norm * norm)
      for (row, first) in slopes {
        for (column, second) in slopes { result[row, column] += weight * first * second }
      }
    }
    return result
  }
}
