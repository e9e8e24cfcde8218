import AudioFiles
import FXParams
import FoundationEssentials
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing
import Workflows

/// Features less those of some presets on the same voice.
@Suite("Features relative to the voice")
struct VoiceBaselineTests {
  private func simulation(_ path: String, anchors: Matrix?) throws -> PairSimulation {
    let dry = try DrySegments([path], sampleRate: Material.sampleRate, segmentSeconds: 0.5)
    var simulation = PairSimulation(prior: try Material.prior(), dry: dry)
    (simulation.count, simulation.segmentCount, simulation.seed) = (5, 2, 5)
    simulation.anchors = anchors
    return simulation
  }

  private var anchors: Matrix { get throws { try Material.prior().samples(6, seed: 9, threads: 1) } }

  @Test("The same is taken from every pair of a voice: the mean features of the presets")
  func theMeanOfThePresetsIsTaken() throws {
    let folder = try Scratch()
    // One segment: the presets are rendered on what the pairs are rendered on.
    let path = try Material.store(in: folder, seconds: 0.5).dry
    let anchors = try anchors
    var relative = try simulation(path, anchors: anchors)
    let (plain, found) = (try simulation(path, anchors: nil).run(), try relative.run())
    let (before, after) = (try #require(plain.features), try #require(found.features))
    let baseline = zip(before.row(0), after.row(0)).map(-)
    for row in 1..<5 { #expect(largestDifference(zip(before.row(row), after.row(row)).map(-), baseline) < 1e-9) }
    // The presets themselves have it as their mean.
    let collection = PresetCollection(chain: Material.chain, theta: anchors)
    var own = PairSimulation(
      presets: try PairPresets([.presets(collection)], paths: ["anchors.h5"]), dry: relative.dry)
    own.segmentCount = 1
    let features = try #require(own.run().features)
    let mean = features.transposed * [Double](repeating: 1.0 / 6, count: 6)
    #expect(largestDifference(mean, baseline) < 1e-9)
    #expect(found.featureRecord?.anchors == anchors && plain.featureRecord?.anchors == nil)
    #expect(found.featureRecord?.summary.contains("relative to 6 presets on the same voice") == true)
    relative.threads = 2
    #expect(try relative.run().features == after)
  }

  @Test("A reference is described relative to its dry vocal, and not without one")
  func aReferenceIsRelativeToItsVoice() throws {
    let folder = try Scratch()
    let paths = try Material.store(in: folder, seconds: 2)
    var pairs = try simulation(paths.dry, anchors: anchors)
    pairs.count = 16
    let presets = try pairs.run()
    let file = folder.file("pairs.h5")
    try PresetFile.write(presets, to: file, provenance: Provenance(arguments: ["test"]), overwrite: false)
    #expect(try PresetFile.read(file).featureRecord == presets.featureRecord)
    let fitter = try ConditionalCatalogue.fitter(named: "linear-gaussian", candidates: [2])
    let path = folder.file("c.h5")
    try ConditionalPriorFile.write(
      fitter.fit(presets, path: file), to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
    #expect(try ConditionalPriorFile.read(path).featureRecord == presets.featureRecord)
    var given = GivenFeatures(recordings: [paths.wet])
    let refused = #expect(throws: WorkflowError.self) { try given.prior(at: path) }
    #expect(refused?.code == .missingCondition && refused?.description.contains("dry vocal") == true)
    given.voice = [paths.dry]
    let own = try given.prior(at: path)
    let wet = try GivenFeatures(recordings: [paths.wet]).prior(at: path, dry: [paths.dry])
    #expect(own.mean == wet.mean)
    // Another voice is another baseline.
    given.voice = [DefaultData.file("dry-vocal.flac").path]
    #expect(try given.prior(at: path).mean != own.mean)
  }

  @Test("Damaged presets in a file are named", arguments: [2, 4])
  func damagedAnchorsAreRefused(columns: Int) throws {
    let folder = try Scratch()
    let path = try Material.store(in: folder, seconds: 0.5).dry
    var presets = try simulation(path, anchors: anchors).run()
    var values = Matrix(rows: 1, columns: columns)
    if columns == 4 { values[0, 3] = .nan }
    presets.featureRecord?.anchors = values
    let file = folder.file("damaged.h5")
    try PresetFile.write(presets, to: file, provenance: Provenance(arguments: ["test"]), overwrite: false)
    let error = #expect(throws: DataError.self) { try PresetFile.read(file) }
    #expect(error?.description.contains("feature_anchors") == true)
  }
}
