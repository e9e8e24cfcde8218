import Foundation
import HDF5Store
import NumericCore
import PresetStore
import Testing

/// Conditional priors that are given more than features of a reference: its dry vocal, or a prior of their own.
@Suite struct ConditionalFamilyCommandTests {
  /// Features relative to the voice: the dry vocal is given, taken from --dry, or asked for.
  @Test func featuresRelativeToTheVoiceNeedIt() throws {
    let folder = try Workspace()
    try folder.storePrior()
    try folder.storeVoice(seconds: 2)
    try folder.succeed(["sample", "prior.h5", "--count", "5", "--seed", "3", "-o", "anchors.h5"])
    let simulate = [
      "simulate", "prior.h5", "--dry", "dry.wav", "--count", "20", "--segments", "1", "--segment-seconds", "0.5",
    ]
    try folder.succeed(simulate + ["--relative-to", "anchors.h5", "-o", "pairs.h5"])
    try folder.succeed(simulate + ["-o", "plain.h5"])
    let record = try #require(try PresetFile.read(folder.path("pairs.h5")).featureRecord)
    #expect(try record.anchors == PresetFile.read(folder.path("anchors.h5")).theta)
    try folder.succeed(["fit", "pairs.h5", "--given", "features", "--components", "3", "-o", "c.h5"])
    #expect(try folder.succeed(["show", "c.h5"]).standardOutput.contains("relative to 5 presets"))
    try folder.expectFailure(["score", "c.h5", "plain.h5"], "plain.h5", "relative to 5 presets")
    let given = ["sample", "c.h5", "--mean", "--given-audio", "reference.wav"]
    try folder.expectFailure(given + ["-o", "m.h5"], "c.h5", "dry vocal")
    try folder.succeed(given + ["--given-dry", "dry.wav", "-o", "m.h5"])
    let mean = try PresetFile.read(folder.path("m.h5")).theta.row(0)
    let style = ["--reference", "reference.wav", "--dry", "dry.wav", "--segment-seconds", "0.5"]
    try folder.succeed(["transfer", "--prior", "c.h5"] + style + ["--steps", "1", "-o", "t"])
    #expect(try folder.open("t/trace.h5").doubles("/theta").values.prefix(130).elementsEqual(mean))
    try folder.succeed(["fit", "plain.h5", "--given", "features", "--components", "3", "-o", "p.h5"])
    try folder.expectFailure(
      ["sample", "p.h5", "--given-audio", "reference.wav", "--given-dry", "dry.wav", "-o", "x.h5"], "dry.wav",
      "leave out")
    let needless = try folder.run(
      ["sample", "c.h5", "--features", "pairs.h5", "--given-dry", "dry.wav", "-o", "x.h5"])
    #expect(needless.exitCode == 64 && needless.standardError.contains("--given-dry"))
    try folder.succeed([
      "evaluate", "--hidden", "m.h5", "--dry", "dry.wav", "--prior", "prior.h5", "--segment-seconds", "0.5", "-o",
      "run", "--methods", "conditional:c.h5,conditional-transfer:c.h5:mfcc:0.1:lbfgs-2,transfer:mfcc:0.1:lbfgs-2",
    ])
    let rows = try String(contentsOfFile: folder.path("run/presets.csv"), encoding: .utf8).split(separator: "\n")
    #expect(rows.count == 4 && Set(rows.dropFirst().map { $0.split(separator: ",").dropFirst(3) }).count == 3)
    let unnamed = try folder.run(
      ["evaluate", "--hidden", "m.h5", "--dry", "dry.wav", "-o", "y", "--methods", "conditional-transfer:c.h5"])
    #expect(unnamed.exitCode == 64 && unnamed.standardError.contains("conditional-transfer:FILE"))
  }

  @Test func aPriorTimesALikelihoodIsFitted() throws {
    let folder = try ConditionalPriorCommandTests.folder()
    try folder.succeed(["fit", "pairs.h5", "-o", "p.h5"])
    let fit = ["fit", "pairs.h5", "--given", "features", "--family"]
    try folder.succeed(
      fit + ["synthetic-likelihood", "--prior", "p.h5", "--real", "held.h5", "--inflation", "1", "-o", "c.h5"])
    try folder.succeed(fit + ["synthetic-likelihood", "--prior", "p.h5", "-o", "d.h5"])
    func mean(_ prior: String) throws -> Double {
      let lines = try folder.succeed(["score", prior, "held.h5"]).standardOutput.split(separator: "\n").dropFirst()
      return lines.compactMap { Double($0.split(separator: ",")[1]) }.reduce(0, +) / 30
    }
    let (sure, wary, plain) = (try mean("c.h5"), try mean("d.h5"), try mean("p.h5"))
    #expect(sure > wary && wary > plain, "\(sure), \(wary), \(plain)")
    try folder.succeed(["sample", "c.h5", "--count", "5", "--features", "held.h5", "-o", "s.h5"])
    #expect(try folder.succeed(["show", "c.h5"]).standardOutput.contains("synthetic-likelihood"))
    try folder.expectFailure(
      fit + ["linear-gaussian", "--real", "held.h5", "-o", "x.h5"], "--real", "leave it out")
    try folder.expectFailure(fit + ["kernel-ridge", "--inflation", "2", "-o", "x.h5"], "--inflation")
    let plainly = try folder.run(["fit", "pairs.h5", "--prior", "p.h5", "-o", "x.h5"])
    #expect(plainly.exitCode == 64 && plainly.standardError.contains("--given features"))
    try folder.expectFailure(
      fit + ["synthetic-likelihood", "--prior", "absent.h5", "-o", "x.h5"], "absent.h5")
    var other = try PresetFile.read(folder.path("held.h5"))
    let few = PresetCollection(
      chain: other.chain, theta: other.theta.selecting(rows: [0, 1, 2]),
      features: other.features?.selecting(rows: [0, 1, 2]), featureNames: other.featureNames)
    try PresetFile.write(
      few, to: folder.path("few.h5"), provenance: Provenance(arguments: ["test"]), overwrite: false)
    try folder.expectFailure(
      fit + ["synthetic-likelihood", "--real", "few.h5", "-o", "x.h5"], "3 pairs", "at least 6")
    other.featureNames = (0..<6).map { "other.\($0)" }
    try PresetFile.write(
      other, to: folder.path("other.h5"), provenance: Provenance(arguments: ["test"]), overwrite: false)
    try folder.expectFailure(fit + ["synthetic-likelihood", "--real", "other.h5", "-o", "x.h5"], "other.h5")
  }

  @Test func priorsThatCannotBeTiltedAreRefusedAndEmptyFeaturesTold() throws {
    let folder = try ConditionalPriorCommandTests.folder(shuffled: true)
    try folder.succeed(["fit", "pairs.h5", "-o", "p.h5"])
    let fit = ["fit", "pairs.h5", "--given", "features", "--family", "synthetic-likelihood"]
    let told = try folder.succeed(fit + ["--prior", "p.h5", "-o", "c.h5"])
    #expect(told.standardError.contains("The features do not help"))
    try folder.succeed(["condition", "p.h5", "--given", "bell.gain=1 dB", "-o", "pinned.h5"])
    try folder.expectFailure(fit + ["--prior", "pinned.h5", "-o", "x.h5"], "pinned.h5", "given parameters")
    let lonely = try folder.run(["sample", "p.h5", "--count", "2", "--given-dry", "dry.wav", "-o", "x.h5"])
    #expect(lonely.exitCode == 1 && lonely.standardError.contains("p.h5 is no conditional prior"))
  }
}
