import FXParams
import Foundation
import HDF5Store
import Inference
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// What commands conclude from their numbers, and the code that they end with.
@Suite("Verdicts of commands")
struct VerdictTests {
  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  // MARK: - Posteriors

  @Test func posteriorSaysWhetherItsDrawsCanBeTrusted() throws {
    let workspace = try Workspace()
    try workspace.storeSmallPresets()
    try workspace.succeed(["fit", "small.h5", "-o", "prior.h5"])
    let draw = ["posterior", "--prior", "prior.h5", "--from-prior", "--sampler", "nuts", "-o"]
    let few = try workspace.run(draw + ["few.nc", "--chains", "1", "--draws", "2"])
    #expect(few.exitCode == 3 && few.standardError.contains("few.nc: 1 chain of 2 draws"))
    #expect(few.standardError.contains("The draws are not to be trusted yet."))
    #expect(few.standardError.contains("2 draws in each chain cannot be judged"))
    #expect(few.standardError.contains("(posterior --draws, --thinning).\n"))
    #expect(try workspace.run(["diagnose", "few.nc"]).exitCode == 3)
    // The same limits as those of `diagnose`, whatever the draws are.
    let many = try workspace.run(draw + ["many.nc", "--draws", "2000"])
    #expect(many.exitCode == 0 && many.standardError.contains("every limit is met."), "\(many.standardError)")
    #expect(try workspace.run(["diagnose", "many.nc"]).exitCode == 0)
    let silent = try workspace.run(draw + ["few.nc", "--chains", "1", "--draws", "2", "--force", "--quiet"])
    #expect(silent.exitCode == 3 && silent.standardError.isEmpty)
  }

  @Test(.enabled(if: Gnuplot.isInstalled, Gnuplot.absence)) func reportConcludesNothingFromFewDraws() throws {
    let workspace = try Workspace()
    func page(_ draws: PosteriorDraws) throws -> String {
      try PosteriorFile.write(
        draws, to: workspace.path("posterior.nc"), force: true, provenance: Provenance(arguments: ["test"]))
      try workspace.succeed(["report", "posterior.nc", "-o", "report.html", "--force"])
      return try workspace.text("report.html")
    }
    let poor = try page(ExamplePosterior.draws(draws: 60, correlation: 0.98))
    #expect(poor.contains("No conclusions are drawn: no parameter has 100 effective draws."))
    #expect(!poor.contains("may disagree") && !poor.contains("halved the uncertainty"))
    #expect(!poor.contains("<h2>What the data informed</h2>"))
    let good = try page(ExamplePosterior.draws())
    #expect(good.contains("halved the uncertainty of 44 of 130") && !good.contains("No conclusions"))
  }

  // MARK: - Conditional priors

  @Test func calibrateJudgesHeldOutPairsToo() throws {
    let folder = try ConditionalPriorCommandTests.folder(400)
    try folder.succeed(["fit", "pairs.h5", "--given", "features", "-o", "c.h5"])
    let right = try folder.run(["calibrate", "c.h5", "--own-simulations", "300"])
    #expect(right.exitCode == 0, "\(right.standardOutput)")
    #expect(right.standardOutput.hasPrefix("90 % regions hold"))
    #expect(right.standardOutput.split(separator: "\n")[0].hasSuffix("as sure as it should be here."))
    // The same prior, four times as wide as it should be.
    var wide = try ConditionalPriorFile.read(folder.path("c.h5"))
    wide.spread = 4
    try ConditionalPriorFile.write(
      wide, to: folder.path("wide.h5"), provenance: Provenance(arguments: ["test"]), overwrite: false)
    let wrong = try folder.run(["calibrate", "wide.h5", "pairs.h5"])
    #expect(wrong.exitCode == 3)
    let lines = wrong.standardOutput.split(separator: "\n")
    #expect(lines[0].hasPrefix("90 % regions hold") && lines[0].contains("wider than it need be"))
    #expect(lines[1].contains("% regions hold") && lines[1].contains("nearer to the middle"), "\(lines[1])")
    let report = try object(try folder.run(["calibrate", "wide.h5", "pairs.h5", "--json"]).standardOutput)
    #expect((report["reservations"] as? [String])?.isEmpty == false)
  }

  // MARK: - Collections and families

  @Test func compareEndsWithTheFamilyToFit() throws {
    let workspace = try Workspace()
    try workspace.storePrior()
    let compare = ["compare", "presets.h5", "--folds", "4", "-q", "--families"]
    let won = try workspace.succeed(compare + ["published,ridge,diagonal"]).standardOutput
    let last = try #require(won.split(separator: "\n").last)
    #expect(last.hasPrefix("On held-out presets ridge has the highest density,"))
    #expect(last.contains("more than published") && last.hasSuffix("so fit with --family ridge."))
    #expect(!last.contains("cannot be told"))
    // Two recipes that differ by a factor of 359/360 in the covariance.
    let near = try workspace.succeed(
      compare + ["published,maximum-likelihood", "--baseline", "maximum-likelihood"]
    ).standardOutput
    #expect(try #require(near.split(separator: "\n").last).hasSuffix("so fit with --family published."))
    let report = try object(try workspace.succeed(compare + ["published,ridge", "--json"]).standardOutput)
    let conclusions = try #require(report["conclusions"] as? [String])
    #expect(conclusions.count == 1 && conclusions[0].hasSuffix("so fit with --family ridge."))
    let only = try workspace.succeed(compare + ["published"]).standardOutput
    #expect(only.contains("only published was scored: so fit with --family published."))
  }

  @Test func compareNamesFamiliesThatAreAsGood() throws {
    let workspace = try Workspace()
    // Independent normal logits: families that shrink to a diagonal agree with the diagonal.
    try workspace.storeSmallPresets(60)
    let text = try workspace.succeed([
      "compare", "small.h5", "--folds", "5", "-q", "--families", "published,ridge,diagonal",
    ]).standardOutput
    #expect(
      try #require(text.split(separator: "\n").last).contains("cannot be told from it: so fit with"), "\(text)")
  }

  @Test func fitPointsToBetterFamilies() throws {
    let workspace = try Workspace()
    try workspace.storePrior()
    let fitted = try workspace.succeed(["fit", "presets.h5", "-o", "p.h5"]).standardError
    let pattern = #/On held-out presets --family factor-analysis gains ([0-9.]+) nats per preset over published: /#
    let match = try #require(fitted.firstMatch(of: pattern), "\(fitted)")
    #expect(Double(match.1).map { $0 > 10 } == true)
    #expect(fitted.contains("priorkit compare presets.h5"))
    // Whoever asked for a family gets it without advice.
    #expect(
      !(try workspace.succeed(["fit", "presets.h5", "--family", "ridge", "-o", "r.h5"]).standardError)
        .contains("gains"))
    // Three normal parameters, as the published family has them.
    try workspace.storeSmallPresets(200)
    let suited = try workspace.succeed(["fit", "small.h5", "-o", "s.h5"]).standardError
    #expect(suited.contains("Two other families gain nothing on held-out presets"), "\(suited)")
  }

  @Test func describeConcludesFirst() throws {
    let workspace = try Workspace()
    try workspace.storePrior()
    let text = try workspace.succeed(["describe", "presets.h5"]).standardOutput
    #expect(
      text.hasPrefix("- 360 presets of 130 parameters, 2.8 presets per parameter: a full covariance is uncertain"))
    #expect(text.contains("- 115 of 130 parameters are not normal"))
    try workspace.storeSmallPresets(3)
    let few = try workspace.succeed(["describe", "small.h5"]).standardOutput
    #expect(few.hasPrefix("- 3 presets of 3 parameters: too few for the published covariance"))
    try workspace.storeSmallPresets(200, as: "many.h5")
    let many = try workspace.succeed(["describe", "many.h5", "--against", "many.h5"]).standardOutput
    #expect(many.contains("enough for a full covariance"))
    #expect(many.contains("No parameter is told from a normal one"))
    #expect(many.contains("The other presets cannot be told from these"))
  }

  // MARK: - Symmetries

  @Test func equivarianceEndsWithWhatFollows() throws {
    let workspace = try SymmetryCommandTests.workspace()
    try workspace.succeed(["fit", "presets.h5", "-o", "prior.h5"])
    let command = ["equivariance", "presets.h5", "--rendered", "4", "--search", "0", "-q"]
    func conclusions(_ more: [String]) throws -> [String] {
      let text = try workspace.succeed(command + more).standardOutput
      return text.split(separator: "\n").filter { $0.hasPrefix("- ") }.map(String.init)
    }
    let own = try conclusions(["--prior", "prior.h5"])
    let bands = try #require(own.first { $0.hasPrefix("- bands: nothing heard") })
    #expect(bands.contains("nats in the prior: refit with --invariant-to bands"))
    #expect(own.contains("- 60 of 60 presets are not in canonical form: priorkit canonicalise moves them."))
    // An invariant prior has nothing to mend.
    try workspace.succeed(["fit", "presets.h5", "--invariant-to", "signs", "-o", "invariant.h5"])
    let mended = try conclusions(["--prior", "invariant.h5"])
    #expect(mended.contains("- signs: nothing heard, and the prior gives copies the same density: nothing to do."))
    #expect(try conclusions([]).contains { $0.contains("name a prior to see whether it knows") })
    try workspace.succeed(["canonicalise", "presets.h5", "-o", "canonical.h5"])
    try workspace.succeed(["fit", "canonical.h5", "-o", "canonical-prior.h5"])
    let canonical = try conclusions(["--prior", "canonical-prior.h5"])
    #expect(canonical.contains { $0.contains("as it should be for a prior of canonical presets") }, "\(canonical)")
  }
}
