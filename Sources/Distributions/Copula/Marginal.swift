/// The value of a smooth increasing map at a point, with what a change of variables needs of it.
package struct MapValue {
  package var value: Double
  /// log of the derivative.
  package var logSlope: Double
  /// The derivative of ``logSlope``.
  var logSlopeDerivative: Double
}

/// The distribution of one variable, as the increasing map z = Phi^-1(F(x)) that makes it standard normal.
///
/// Its density is phi(z) dz/dx, so density, distribution function and score agree by construction.
package enum Marginal: Sendable {
  case kernel(KernelMarginal)
  case sinhArcsinh(SinhArcsinhMarginal)

  /// z at x; infinite where the tail of x underflows.
  package func normalDeviate(of x: Double) -> MapValue {
    switch self {
    case .kernel(let marginal): marginal.normalDeviate(of: x)
    case .sinhArcsinh(let marginal): marginal.normalDeviate(of: x)
    }
  }

  /// The inverse: the quantile of Phi(z).
  func value(ofNormalDeviate z: Double) -> Double {
    switch self {
    case .kernel(let marginal): marginal.value(ofNormalDeviate: z)
    case .sinhArcsinh(let marginal): marginal.value(ofNormalDeviate: z)
    }
  }

  // MARK: - Storage

  func encode(into archive: inout DistributionArchive, at path: String) {
    switch self {
    case .kernel(let marginal):
      archive.texts[path + "kind"] = "kernel"
      marginal.encode(into: &archive, at: path)
    case .sinhArcsinh(let marginal):
      archive.texts[path + "kind"] = "sinh-arcsinh"
      marginal.encode(into: &archive, at: path)
    }
  }

  init(from archive: DistributionArchive, at path: String) throws {
    switch archive.texts[path + "kind"] {
    case "kernel": self = .kernel(try KernelMarginal(from: archive, at: path))
    case "sinh-arcsinh": self = .sinhArcsinh(try SinhArcsinhMarginal(from: archive, at: path))
    case let text?: throw ArchiveError.unknown(path + "kind", text: text)
    case nil: throw ArchiveError.missing(path + "kind")
    }
  }
}
