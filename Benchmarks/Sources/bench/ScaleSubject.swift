import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit

/// A Gaussian prior over the 130 parameters of the DiffVox chain.
func subjectPrior() throws -> Prior { try Prior(chain: .diffVox, distribution: subjectGaussian()) }

/// Its density, with a full covariance of moderate condition.
func subjectGaussian() throws -> MultivariateNormal {
  let dimension = ChainDescription.diffVox.parameterSpace.count
  var source = RandomSource(seed: 1)
  var values = [Double](repeating: 0, count: 2 * dimension * dimension)
  source.fillNormal(&values)
  let covariance = Matrix(rows: 2 * dimension, columns: dimension, values: values)
    .gram(scale: 1 / Double(2 * dimension))
  return try MultivariateNormal(mean: (0..<dimension).map { 0.1 * Double($0) }, covariance: covariance)
}

/// Files that the Python peers read: mean and covariance, in one HDF5 prior.
func writeSubjectPrior(_ prior: Prior, _ settings: Settings) throws -> String {
  let path = settings.scratch.appendingPathComponent("prior.h5").path
  try PriorFile.write(prior, to: path, provenance: Provenance(arguments: ["bench"]), overwrite: true)
  return path
}

/// All processors.
var allThreads: Int { ProcessInfo.processInfo.activeProcessorCount }

/// Runs `body` on blocks that stay in the processor's cache: the arithmetic of `rows` rows without their memory.
func forEachCachedBlock(rows: Int, dimension: Int, _ body: @Sendable (inout Matrix) -> Void) {
  let size = MultivariateNormal.rowsInBlock
  ParallelBlocks.run(count: rows / size, threads: allThreads) {
    Matrix(rows: size, columns: dimension, repeating: 0.5)
  } process: { _, matrix in
    body(&matrix)
  }
}
