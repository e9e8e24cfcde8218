import Foundation
import PresetStore
import PriorKit
import Workflows

/// Moves the style of a reference onto a dry vocal.
///
///     swift run -c release --package-path Examples TransferVocal data/presets.h5 wet.wav data/dry-vocal.flac out
@main
enum TransferVocal {
  static func main() throws {
    let paths = Array(CommandLine.arguments.dropFirst())
    guard paths.count == 4 else {
      print("usage: TransferVocal PRESETS.h5 REFERENCE.wav DRY.wav FOLDER")
      exit(64)
    }
    let prior = try GaussianEstimator.unbiased.fit(PresetFile.read(paths[0]))
    let folder = try TransferFolder(paths[3], overwrite: true)
    var transfer = try StyleTransfer(prior: prior, reference: paths[1], dry: paths[2])
    (transfer.stepLimit, transfer.threads) = (20, 2)
    let found = try transfer.run()
    let provenance = try Provenance(inputPaths: Array(paths.prefix(3)))
    try folder.write(found, of: transfer.problem, provenance: provenance)
    print("\(paths[3]): loss \(found.initialLoss) at the mean, \(found.point.loss) after \(found.stepCount) steps")
  }
}
