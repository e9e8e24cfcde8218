import ArgumentParser
import Workflows

/// Random changes of the dry vocals of simulated pairs.
struct AugmentationOptions: ParsableArguments {
  @Option(
    within: 0...4, help: "Augmentation: standard deviation of a transposition by resampling, in semitones.")
  var pitchDeviationSemitones = 0.0

  @Option(
    within: 0...24, name: .customLong("tilt-deviation-db"),
    help: "Augmentation: standard deviation of a tilt of the spectrum about 1 kHz, highest against lowest, in dB.")
  var tiltDeviationDB = 0.0

  @Option(
    within: 0...120, name: .customLong("noise-db"),
    help: "Augmentation: white noise, at loudest this many dB below the segment; without it there is none.")
  var noiseDB: Double?

  var augmentation: DryAugmentation {
    DryAugmentation(
      pitchDeviationSemitones: pitchDeviationSemitones, tiltDeviationDB: tiltDeviationDB, noiseDB: noiseDB)
  }
}
