import Foundation
public import Inference
import NumericCore
public import Testing

// Laws that every sampler keeps. Chains start at exact draws of the target or of a joint distribution, independent
// of one another: after any number of transitions they must be such draws again, and as they are independent the
// tests have the false-failure rate that they name, whatever the sampler's autocorrelation.

/// The sampler leaves a density invariant: points after `steps` transitions from exact draws, and fresh exact
/// draws, are alike in every coordinate and in their log density
/// (``expectEqualDistributions(_:_:_:sourceLocation:)``).
///
/// - Parameter memory: what the sampler has learned; it must not depend on the chain.
public func checkInvariance<Method: Sampler>(
  of sampler: Method, memory: Method.Memory, on density: some SampledDensity, coordinates: WhiteCoordinates,
  chains: Int = 3000, steps: Int = 4, seed: UInt64 = 1, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let target = SamplingTarget(density, coordinates: coordinates)
  var found: [[Double]] = []
  var expected: [[Double]] = []
  for chain in 0..<chains {
    var source = RandomSource(seed: seed, stream: UInt64(chain))
    let start = density.sample(using: &source)
    var point = try target.point(at: coordinates.white(start), withGradient: sampler.usesGradient)
    var memory = memory
    for _ in 0..<steps {
      let info = try sampler.step(
        &point, memory: &memory, isWarmUp: false, target: target, source: &source)
      guard info.numbers[0] == point.value, point.isPossible else {
        Issue.record("\(sampler.name): \(info) at \(point.position)", sourceLocation: sourceLocation)
        return
      }
    }
    found.append(coordinates.theta(point.position) + [point.value])
    let fresh = density.sample(using: &source)
    expected.append(fresh + [try density.value(at: fresh)])
  }
  expectEqualDistributions(
    found, expected, "\(sampler.name) on \(density.name)", sourceLocation: sourceLocation)
}
