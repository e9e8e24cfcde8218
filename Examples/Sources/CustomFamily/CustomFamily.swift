import Distributions
import Foundation
import PresetStore
import PriorKit
import Workflows

/// Fits a family of one's own to presets, stores it, reads it back and transfers a style with it.
///
///     swift run -c release --package-path Examples CustomFamily PRESETS.h5 PRIOR.h5 DRY.wav REFERENCE.wav
@main
enum CustomFamily {
  static func main() throws {
    let paths = Array(CommandLine.arguments.dropFirst())
    guard paths.count == 4 else {
      print("usage: CustomFamily PRESETS.h5 PRIOR.h5 DRY.wav REFERENCE.wav")
      exit(64)
    }
    // Fit, store, read. Files are written and read with the standard families and one more.
    let families = DistributionFamilies.standard.adding(Logistic.self)
    let presets = try PresetFile.read(paths[0])
    try PriorFile.write(
      LogisticEstimator().fit(presets), to: paths[1], families: families,
      provenance: Provenance(arguments: CommandLine.arguments), overwrite: true)
    let prior = try PriorFile.read(paths[1], families: families)
    print("\(paths[1]): \(type(of: prior.distribution)) over \(prior.distribution.dimension) parameters")

    // Transfer: 20 steps of Adam from the mean.
    var transfer = try StyleTransfer(prior: prior, reference: paths[3], dry: paths[2], method: .published)
    (transfer.stepLimit, transfer.threads) = (20, 2)
    let found = try transfer.run()
    print("loss \(found.initialLoss) at the mean, \(found.point.loss) after \(found.point.step) steps")
  }
}
