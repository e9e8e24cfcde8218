/// Why chains cannot be begun or continued.
public enum SamplingError: Error, Sendable, Hashable, CustomStringConvertible {
  case noStart(chain: Int, tries: Int)
  case noGradient(String)
  case unrepeatable(chain: Int)

  public var description: String {
    switch self {
    case .noStart(let chain, let tries):
      "Chain \(chain) finds no point to begin at: the log density is not finite at \(tries) draws of "
        + "the prior, so check the recordings and the prior."
    case .noGradient(let name):
      "The density has no gradient, which the sampler \(name) follows: use elliptical slices."
    case .unrepeatable(let chain):
      "The log density at the last stored draw of chain \(chain) is not finite now: start anew."
    }
  }
}
