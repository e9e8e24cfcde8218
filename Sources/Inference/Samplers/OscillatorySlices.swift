import Foundation
import NumericCore

/// Moves of a chain along the directions of oscillatory parameters (``LogDensity/oscillatoryPositions``), by values
/// alone.
///
/// Paths that follow gradients stay where these parameters are (``SamplingTarget``), so each transition of such a
/// sampler begins with one slice per direction: a level under the density, an interval of ``width`` about the point
/// at a random place, and a draw from what of it is above the level, found by shrinking. The density is kept,
/// ripples and all.
///
/// Source: Neal, "Slice sampling", Annals of Statistics 31 (2003), figures 3 (without steps outwards) and 5.
enum OscillatorySlices {
  /// In standard deviations of what the coordinates whiten.
  static let width = 4.0

  static func move(_ point: inout MarkovChainPoint, target: SamplingTarget, source: inout RandomSource) throws {
    for direction in target.oscillatoryDirections {
      let level = point.value + log(source.nextUniform())
      var lower = -width * source.nextUniform()
      var upper = lower + width
      // The interval shrinks onto the present point, which is above the level: 200 halvings are its last digit.
      for _ in 0..<200 {
        let offset = lower + (upper - lower) * source.nextUniform()
        let position = point.position.moved(by: offset, along: direction)
        let trial = try target.point(at: position, withGradient: false)
        if trial.isPossible, trial.value > level {
          point = try target.point(at: position, withGradient: true)
          break
        }
        if offset < 0 { lower = offset } else { upper = offset }
      }
    }
  }
}
