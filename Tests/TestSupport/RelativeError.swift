/// RMS of the difference over RMS of the reference.
public func relativeRMSError(_ found: [Double], _ reference: [Double]) -> Double {
  precondition(found.count == reference.count, "\(found.count) values against \(reference.count)")
  let difference = zip(found, reference).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  let scale = reference.reduce(0) { $0 + $1 * $1 }
  return (difference / scale).squareRoot()
}
