import AudioFiles
import FXParams
import NumericCore
import PresetStore
import TestSupport
import Testing
import Workflows

@Suite("Distances as a library")
struct DistanceTests {
  @Test("A recording is at no distance from itself, and a change of level is one of the spectrum")
  func recordings() throws {
    let folder = try Scratch()
    let paths = try Material.store(in: folder)
    let wet = try AudioReader.read(path: paths.wet)
    let quiet = folder.file("quiet.wav")
    let shorter = wet.channels.map { $0.dropLast(4410).map { 0.5 * $0 } }
    try AudioWriter.write(
      AudioBuffer(channels: shorter, sampleRate: Material.sampleRate), path: quiet, format: .waveFloat32)
    let monitor = RecordingMonitor()
    let found = try RecordingDistances(reference: paths.wet, candidates: [paths.wet, quiet], monitor: monitor)
    #expect(found.reference == paths.wet && found.recordings.map(\.file) == [paths.wet, quiet])
    let same = found.recordings[0]
    #expect(
      [
        same.spectralLeftRight, same.spectralMidSide, same.dynamicRangeLeftRight, same.dynamicRangeMidSide,
      ] == [0, 0, 0, 0])
    // Half the level is 20 log10(2) dB everywhere but at the floors, which the dynamic range hardly sees.
    let other = found.recordings[1]
    #expect(other.spectralLeftRight > 0.3 && other.dynamicRangeLeftRight < 0.2 * other.spectralLeftRight)
    #expect(monitor.messages.count == 1 && monitor.messages[0].contains("differ in length"))
  }

  @Test("A mono recording is refused by name")
  func monoIsRefused() throws {
    let folder = try Scratch()
    let paths = try Material.store(in: folder)
    let error = #expect(throws: WorkflowError.self) {
      try RecordingDistances(reference: paths.wet, candidates: [paths.dry])
    }
    #expect(error?.code == .unsuitableRecording && error?.description.contains(paths.dry) == true)
    #expect(throws: InterruptedError.self) {
      try RecordingDistances(reference: paths.wet, candidates: [paths.wet], monitor: QuietMonitor { true })
    }
  }

  @Test("Presets are listed by their mean squared difference, nearest first on request")
  func presets() throws {
    let folder = try Scratch()
    let theta = Matrix(rows: [[0, 0, 0, 0], [2, 0, 0, 0], [0, 1, 0, 1], [0, 0, 0, 4]])
    let collection = PresetCollection(chain: Material.chain, theta: theta, labels: ["a", "b", "c", "d"])
    let path = folder.file("presets.h5")
    let provenance = try Provenance(arguments: ["test"])
    try PresetFile.write(collection, to: path, provenance: provenance, overwrite: false)
    let all = try PresetDistances(from: collection, row: 0, path: path, candidates: [path])
    #expect(all.label == "a" && all.presets.map(\.label) == ["a", "b", "c", "d"])
    #expect(all.presets.map(\.parameterMeanSquaredError) == [0, 1, 0.5, 4])
    let near = try PresetDistances(from: collection, row: 0, path: path, candidates: [path], nearest: 3)
    #expect(near.presets.map(\.label) == ["a", "c", "b"])
    let other = folder.file("other.h5")
    try PresetFile.write(
      PresetCollection(
        chain: Material.crushed, theta: Matrix(rows: 1, columns: Material.crushed.parameterSpace.count)),
      to: other, provenance: provenance, overwrite: false)
    let error = #expect(throws: WorkflowError.self) {
      try PresetDistances(from: collection, row: 0, path: path, candidates: [other])
    }
    #expect(error?.code == .wrongContents && error?.description.contains("different chains") == true)
  }

  @Test("Presets that lack effects are compared over those that both have")
  func presetsOfVaryingShape() throws {
    let folder = try Scratch()
    let path = folder.file("presets.h5")
    let collection = PresetCollection.varying()
    try PresetFile.write(collection, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
    let found = try PresetDistances(from: collection, row: 2, path: path, candidates: [path])
    #expect(found.shape == "without comp" && found.dimension == collection.dimension)
    #expect(found.presets[2].parameterMeanSquaredError == 0)
    for (row, entry) in found.presets.enumerated() {
      let differences = zip(collection.theta.row(row), collection.theta.row(2)).map { $0 - $1 }.filter { !$0.isNaN }
      let expected = differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)
      #expect(entry.parameterCount == differences.count)
      #expect(abs(try #require(entry.parameterMeanSquaredError) - expected) < 1e-12 * max(1, expected))
    }
    #expect(found.presets[4].commonShape == "without low, comp, long")
    // Over orbits no distance is greater.
    let orbit = try PresetDistances(from: collection, row: 2, path: path, candidates: [path], overOrbit: true)
    for (first, second) in zip(orbit.presets, found.presets) {
      #expect((first.parameterMeanSquaredError ?? .nan) <= (second.parameterMeanSquaredError ?? .nan) + 1e-12)
    }
  }

  @Test("Presets without an effect in common have no distance and come last")
  func presetsWithNothingInCommon() throws {
    let folder = try Scratch()
    let path = folder.file("presets.h5")
    var chain = ChainDescription(series: Array(varyingChain.series.prefix(2)), sends: [], hasDirectPan: false)
    chain.optionalEffects = ["low", "peak"]
    var collection = PresetCollection(
      chain: chain,
      theta: Matrix(rows: [[.nan, .nan, 1, 2, 3], [0, 1, .nan, .nan, .nan], [0, 1, 1, 2, 5]]))
    collection.patterns = [[false, true], [true, false], [true, true]].map { ChainPattern(present: $0) }
    try PresetFile.write(collection, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
    let found = try PresetDistances(from: collection, row: 1, path: path, candidates: [path], nearest: 3)
    #expect(found.presets.map(\.label) == ["2", "3", "1"])
    #expect(found.presets.map(\.parameterMeanSquaredError) == [0, 0, nil])
    #expect(found.presets[2].commonShape == "nothing" && found.presets[2].parameterCount == 0)
  }
}
