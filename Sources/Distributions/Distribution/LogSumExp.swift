import Foundation

/// log of the sum of exponentials; minus infinity where all terms are.
package func logSumExp(_ terms: [Double]) -> Double {
  let largest = terms.max() ?? -.infinity
  guard largest > -.infinity else { return largest }
  return largest + log(terms.reduce(0) { $0 + exp($1 - largest) })
}
