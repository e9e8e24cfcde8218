import FXParams
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import PriorKit

/// The fit of a Gaussian to a file, beside reading the file and one dsyrk of its size.
func fitting(_ settings: Settings, compressed: Bool) throws -> Contest {
  let prior = try subjectPrior()
  let provenance = try Provenance(arguments: ["bench"])
  // A compressed million takes minutes to write; its figures are per row.
  let count = compressed ? settings.presets / 10 : settings.presets
  let path = settings.scratch.appendingPathComponent(compressed ? "gzip.h5" : "contiguous.h5").path
  if compressed {
    let presets = PresetCollection(chain: prior.chain, theta: prior.samples(count, seed: 3))
    try PresetFile.write(presets, to: path, provenance: provenance, overwrite: true)
  } else {
    try PresetFile.writeSamples(
      of: prior, count: count, seed: 3, to: path, provenance: provenance, overwrite: true, threads: allThreads)
  }
  let dimension = prior.space.count
  var contest = Contest(
    compressed ? "fit-gzip" : "fit",
    "\(count) x \(dimension) doubles in HDF5, \(compressed ? "chunked + gzip" : "contiguous"), "
      + "\(allThreads) threads"
  )
  contest.add("fit, library") { _ = try GaussianEstimator.unbiased.fit(PresetStatistics(of: PresetStream(path))) }
  if let program = Command.path {
    let arguments = ["fit", path, "-o", path + ".prior", "--force", "--quiet"]
    contest.add("fit, command (with the file's SHA-256)") { try Command.run(program, arguments) }
    print(String(format: "  peak memory of the command: %.0f MB", try Command.peakMegabytes(program, arguments)))
  }
  contest.add("reading the file", .bound) {
    let rows = try HDF5Reader(path: path).rows(of: "/theta")
    let size = 4096
    var buffer = [Double](repeating: 0, count: size * dimension)
    for start in stride(from: 0, to: count, by: size) {
      let range = start..<min(start + size, count)
      try buffer.withUnsafeMutableBufferPointer {
        try rows.read(range, into: UnsafeMutableBufferPointer(rebasing: $0[..<(range.count * dimension)]))
      }
    }
  }
  contest.add("dsyrk of that size", .bound) {
    forEachCachedBlock(rows: count, dimension: dimension) { _ = $0.gram() }
  }
  if let peer = try Peer.start("fit.py", [path]) {
    contest.addTimed("h5py read, numpy.cov", .peer) { try peer.run() }
  }
  return contest
}
