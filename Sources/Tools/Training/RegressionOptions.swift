import ArgumentParser
import NeuralCore
import PresetStore
import Workflows

/// Which recordings presets belong to.
struct RecordedPairOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("Which recording belongs to which preset.", valueName: "csv"))
  var audioList: String?

  @Option(name: .long, help: ArgumentHelp("A DiffVox folder, whose info.json has the list.", valueName: "folder"))
  var diffvox: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Where the files are: the longest end of each name that exists there.", valueName: "folder"))
  var audioRoot: String?

  @Flag(name: .long, help: "Leave out presets whose recording is missing or silent.")
  var skipMissing = false

  /// The file with the list; nil where neither option is given.
  var list: String? { audioList ?? diffvox.map { $0 + "/info.json" } }

  func validate() throws {
    guard audioList == nil || diffvox == nil else {
      throw ValidationError("Name the recordings by one of --audio-list and --diffvox.")
    }
  }

  func audioList(_ collection: PresetCollection) throws -> AudioList {
    if let audioList { return try AudioList(csv: audioList, presets: collection) }
    return try AudioList(diffVoxFolder: diffvox ?? "", source: .wet, presets: collection)
  }
}

/// The network and its training.
struct RegressionOptions: ParsableArguments {
  @Option(within: 1...1_000_000, help: "Most epochs.")
  var epochs = 100

  @Option(within: 2...65_536, help: "Segments of a batch.")
  var batch = 64

  @Option(within: 1e-12...10, help: "Learning rate of AdamW.")
  var learningRate = 1e-3

  @Option(within: 0...100, help: "Weight decay of AdamW.")
  var weightDecay = 0.01

  @Option(within: 1...1_000_000, help: "Epochs without a smaller validation loss after which it ends.")
  var patience = 20

  @Option(within: 0.001...0.9, help: "Share of the presets, or of their groups, that is kept for validation.")
  var validationShare = 0.1

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Channels of each block of the network (default: 512,512,768,1024, as published).", valueName: "numbers"),
    transform: channelNumbers)
  var channels = [512, 512, 768, 1024]

  @Option(within: 1...100_000, help: "Channels after the blocks.")
  var width = 1024

  var training: RegressionTraining {
    var training = RegressionTraining()
    (training.epochs, training.batchSize, training.patience) = (epochs, batch, patience)
    (training.optimiser.learningRate, training.optimiser.weightDecay) = (learningRate, weightDecay)
    training.validationShare = validationShare
    (training.channels, training.width) = (channels, width)
    return training
  }
}

@Sendable private func channelNumbers(_ text: String) throws -> [Int] {
  let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
  guard (1...16).contains(numbers.count), numbers.allSatisfy({ $0.map { (1...100_000).contains($0) } ?? false })
  else { throw OutsideRange(description: "must be 1 to 16 whole numbers between 1 and 100000, as 512,512.") }
  return numbers.compactMap { $0 }
}
