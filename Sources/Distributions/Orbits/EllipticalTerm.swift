import Foundation
package import NumericCore

/// A density that is a sum of few normal or Student-t densities: what a search over orders of bands can bound.
package protocol EllipticalMixture: Distribution {
  /// The summands.
  var ellipticalTerms: [EllipticalTerm] { get }
}

/// exp(logWeight) times a Student-t density, or a normal one where the degrees of freedom are infinite.
package struct EllipticalTerm: Sendable {
  package let logWeight: Double
  /// The centre [D].
  package let location: [Double]
  /// The scatter matrix [D, D], positive definite.
  package let scatter: Matrix
  package let degreesOfFreedom: Double

  package init(
    logWeight: Double = 0, location: [Double], scatter: Matrix, degreesOfFreedom: Double = .infinity
  ) {
    self.logWeight = logWeight
    self.location = location
    self.scatter = scatter
    self.degreesOfFreedom = degreesOfFreedom
  }
}

extension MultivariateNormal: EllipticalMixture {
  package var ellipticalTerms: [EllipticalTerm] { [EllipticalTerm(location: mean, scatter: covariance)] }
}

extension StudentT: EllipticalMixture {
  package var ellipticalTerms: [EllipticalTerm] {
    [
      EllipticalTerm(
        location: distribution.location, scatter: distribution.scatter,
        degreesOfFreedom: distribution.degreesOfFreedom)
    ]
  }
}

extension GaussianMixture: EllipticalMixture {
  package var ellipticalTerms: [EllipticalTerm] {
    zip(weights, components).map {
      EllipticalTerm(logWeight: log($0), location: $1.mean, scatter: $1.covariance)
    }
  }
}
