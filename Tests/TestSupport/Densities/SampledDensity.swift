import Foundation
import Inference
public import NumericCore

/// An analytic density that can be drawn from exactly.
public protocol SampledDensity: AnalyticDensity {
  func sample(using source: inout RandomSource) -> [Double]
}

extension IndependentGaussian: SampledDensity {
  public func sample(using source: inout RandomSource) -> [Double] {
    zip(mean, deviation).map { $0 + $1 * source.nextNormal() }
  }
}

extension AutoregressiveGaussian: SampledDensity {
  public func sample(using source: inout RandomSource) -> [Double] {
    let innovation = (1 - correlation * correlation).squareRoot()
    var score = 0.0
    return mean.indices.map { index in
      let deviate = source.nextNormal()
      score = index == 0 ? deviate : correlation * score + innovation * deviate
      return mean[index] + deviation[index] * score
    }
  }
}

extension Banana: SampledDensity {
  public func sample(using source: inout RandomSource) -> [Double] {
    let along = 1 + width * source.nextNormal()
    return [along, along * along + thickness * source.nextNormal()]
  }
}

extension Funnel: SampledDensity {
  public func sample(using source: inout RandomSource) -> [Double] {
    let neck = spread * source.nextNormal()
    return [neck] + (0..<followers).map { _ in exp(neck / 2) * source.nextNormal() }
  }
}

extension TwoModes: SampledDensity {
  public func sample(using source: inout RandomSource) -> [Double] {
    let centre = source.nextUniform() < Self.upperWeight ? separation : -separation
    return [centre + source.nextNormal()] + (1..<dimension).map { _ in source.nextNormal() }
  }
}
