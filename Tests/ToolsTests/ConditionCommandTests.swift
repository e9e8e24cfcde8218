import FXParams
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import Testing

/// `priorkit condition`, and what other commands make of its result.
@Suite struct ConditionCommandTests {
  @Test func conditionedPriorsServeEveryCommand() throws {
    let folder = try Workspace()
    try folder.storePrior()
    try folder.succeed([
      "condition", "prior.h5", "--given", "lowshelf.gain=3 dB", "--given", "peak1.frequency = 0.9 kHz", "-o",
      "c.h5",
    ])
    let conditioned = try PriorFile.read(folder.path("c.h5"))
    let space = conditioned.space
    let gain = try #require(space.index(of: "lowshelf.gain"))
    let frequency = try #require(space.index(of: "peak1.frequency"))
    #expect(conditioned.pinnedPositions == [frequency, gain].sorted())
    try folder.succeed(["sample", "c.h5", "--count", "5", "--seed", "2", "-o", "s.h5"])
    let drawn = try PresetFile.read(folder.path("s.h5"))
    for row in 0..<5 {
      let values = space.values(ofLogits: drawn.theta.row(row))
      #expect(values[gain] == 3 && (values[frequency] - 900).magnitude < 1e-9)
    }
    let scores = try folder.succeed(["score", "c.h5", "presets.h5"]).standardOutput.split(separator: "\n")
    #expect(scores.count == 361)
    #expect(scores.dropFirst().allSatisfy { Double($0.split(separator: ",")[1])?.isFinite == true })
    #expect(try folder.succeed(["show", "c.h5"]).standardOutput.contains("fixed"))
  }

  @Test func transferLeavesFixedParametersAlone() throws {
    let folder = try Workspace()
    try folder.storePrior()
    try folder.storeVoice()
    try folder.succeed(["condition", "prior.h5", "--given", "highshelf.gain=-4", "-o", "c.h5"])
    try folder.succeed([
      "transfer", "--prior", "c.h5", "--reference", "reference.wav", "--dry", "dry.wav", "--steps", "3", "-o",
      "t",
    ])
    let found = try PresetFile.read(folder.path("t/preset.h5"))
    let start = try PriorFile.read(folder.path("c.h5")).mean
    let position = try #require(found.chain.parameterSpace.index(of: "highshelf.gain"))
    #expect(found.theta[0, position] == -4)
    #expect(start.indices.count { found.theta[0, $0] != start[$0] } == 129)
    try folder.succeed([
      "objective", "--prior", "c.h5", "--presets", "t/preset.h5", "--reference", "reference.wav", "--dry",
      "dry.wav",
      "-o", "o.h5",
    ])
    let file = try folder.open("o.h5")
    #expect(try file.doubles("/gradient/log_likelihood").values[position] == 0)
    #expect(try file.doubles("/gradient/log_prior").values[position] == 0)
  }

  @Test func refusesWhatIsNoCondition() throws {
    let folder = try Workspace()
    try folder.storeSmallPresets()
    try folder.succeed(["fit", "small.h5", "-o", "prior.h5"])
    func refuse(_ given: [String], _ words: String...) throws {
      let arguments = ["condition", "prior.h5"] + given.flatMap { ["--given", $0] } + ["-o", "c.h5"]
      let result = try folder.run(arguments)
      #expect(result.exitCode == 1)
      for word in words { #expect(result.standardError.contains(word), "\(result.standardError)") }
      #expect(!folder.exists("c.h5"))
    }
    try refuse([], "No parameter is given")
    try refuse(["bell.frequency=9 kHz"], "bell.frequency", "9000", "5400")
    try refuse(["bell.frequency=-3"], "bell.frequency", "33")
    try refuse(["bell.gain=inf"], "bell.gain=inf")
    try refuse(["bell.width=2"], "bell.width", "bell.gain")
    try refuse(["bell.gain=3 ms"], "bell.gain", "ms", "dB")
    try refuse(["bell.gain"], "NAME=VALUE")
    try refuse(["bell.gain=1", "bell.gain=2"], "bell.gain", "twice")
    try refuse(["bell.gain=1", "bell.frequency=99", "bell.q=2"], "leave at least one free")
  }
}
