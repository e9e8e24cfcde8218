import FXParams
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// What `show` says of every kind of file.
@Suite("priorkit show")
struct ShowTests {
  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// The cells of the row that begins with a name, without the name.
  private func cells(_ name: String, in text: String) throws -> [String] {
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + " ") }, "\(name)")
    return line.split(separator: " ").dropFirst().map(String.init)
  }

  @Test func priorsTellTheirFamilyEvidenceAndSpread() throws {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.succeed(["fit", "presets.h5", "--family", "student-t", "-o", "t.h5"])
    let text = try workspace.succeed(["show", "t.h5"]).standardOutput
    for line in [
      "family:  student-t", "fitted:  by student-t-blocks (", "to 360 presets",
      "chain:   peak1, peak2, lowshelf, highshelf, lowpass, highpass, compressor, delay, reverb; 44100 Hz",
      "made by: priorkit fit presets.h5 --family student-t -o t.h5", "from:    presets.h5 (",
    ] { #expect(text.contains(line), "\(line)") }
    // Every family has a deviation; the coefficient is read as a time, whose 5 % is below its 95 %.
    let attack = try cells("compressor.attack_coefficient", in: text)
    #expect(attack.count == 6 && attack[3] == "ms" && Double(attack[5]).map { $0 > 0 } == true)
    let times = attack.prefix(3).compactMap { Double($0) }
    #expect(times == times.sorted() && times.count == 3)
    // Long vectors are three rows and a count.
    #expect(text.contains("(46 more: --all)") && !text.contains("reverb.gamma.3 "))
    let all = try workspace.succeed(["show", "t.h5", "--all"]).standardOutput
    #expect(all.contains("reverb.gamma.3 ") && !all.contains("more: --all"))
    // Quantiles of a Gaussian are known: mean -+ 1.645 deviations of the logit.
    let gaussian = try object(workspace.succeed(["show", "prior.h5", "--json"]).standardOutput)
    let entry = try #require((gaussian["parameters"] as? [[String: Any]])?.first)
    let mean = try #require(entry["logit_mean"] as? Double)
    let deviation = try #require(entry["logit_deviation"] as? Double)
    #expect(abs(try #require(entry["lower5"] as? Double) - (mean - 1.645 * deviation)) < 0.25 * deviation)
    #expect(abs(try #require(entry["upper95"] as? Double) - (mean + 1.645 * deviation)) < 0.25 * deviation)
    #expect(gaussian["family"] as? String == "gaussian")
    try workspace.storeSmallPresets()
    try workspace.succeed(["fit", "small.h5", "--family", "auto", "-o", "auto.h5"])
    #expect(try workspace.succeed(["show", "auto.h5"]).standardOutput.contains("Why this estimator:"))
  }

  @Test func presetsTellLabelsGroupsAndTheirOrigin() throws {
    let workspace = try Workspace()
    try workspace.storePrior()
    let text = try workspace.succeed(["show", "presets.h5"]).standardOutput
    #expect(text.contains("labels:  intimate-folk-01, ") && text.contains(" and 355 more (--all)"))
    #expect(text.contains("groups:  12: intimate-folk (30), "))
    // A gain is read in dB: 20 log10 of the least and the greatest.
    let presets = try PresetFile.read(workspace.path("presets.h5"))
    let send = try #require(presets.chain.parameterSpace.index(of: "reverb.send"))
    let gains = (0..<presets.count).map {
      presets.chain.parameterSpace.values(ofLogits: presets.theta.row($0))[send]
    }
    let row = try cells("reverb.send", in: text)
    #expect(row.count == 4 && row[3] == "dB")
    #expect(abs(try #require(Double(row[0])) - 20 * log10(gains.min() ?? 0)) < 0.01)
    #expect(abs(try #require(Double(row[2])) - 20 * log10(gains.max() ?? 0)) < 0.01)
    let report = try object(workspace.succeed(["show", "presets.h5", "--json"]).standardOutput)
    #expect((report["labels"] as? [String])?.count == 360 && report["is_weighted"] as? Bool == false)
  }

  @Test func chainsTracesStatesAndTablesAreShown() throws {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.storeVoice()
    try workspace.store(ChainDescription.diffVox.yaml().utf8, as: "chain.yaml")
    let chain = try workspace.succeed(["show", "chain.yaml"]).standardOutput
    #expect(chain.hasPrefix("A chain of 130 parameters\n"))
    #expect(try cells("delay.time", in: chain) == ["100", "1000", "ms"])
    #expect(chain.contains("equaliser peak: exchange peak1 and peak2"))
    try workspace.succeed([
      "transfer", "--prior", "prior.h5", "--reference", "reference.wav", "--dry", "dry.wav", "--steps", "3", "-o",
      "out",
      "--no-page",
    ])
    let trace = try workspace.succeed(["show", "out/trace.h5"]).standardOutput
    #expect(trace.hasPrefix("The trace of an optimisation\n3 steps: loss "))
    #expect(try cells("/theta", in: trace) == ["4", "x", "130"] && trace.contains("made by: priorkit transfer"))
    try workspace.succeed(["score", "prior.h5", "presets.h5", "-o", "scores.csv"])
    let table = try workspace.succeed(["show", "scores.csv"]).standardOutput
    #expect(table.hasPrefix("A table of 360 rows and 3 columns\n"))
    let density = try cells("log_density", in: table)
    #expect(density.count == 5 && density[0] == "360")
    try workspace.succeed([
      "compare", "presets.h5", "--families", "published,diagonal", "--folds", "2", "-q", "--checkpoint", "run.h5",
    ])
    let checkpoint = try workspace.succeed(["show", "run.h5", "--json"]).standardOutput
    #expect((try object(checkpoint)["kind"] as? String)?.contains("comparison checkpoint") == true)
    try workspace.succeed([
      "objective", "--prior", "prior.h5", "--presets", "presets.h5", "--row", "intimate-folk-02", "--dry",
      "dry.wav",
      "--reference", "reference.wav", "-o", "objective.h5",
    ])
    #expect(try workspace.succeed(["show", "objective.h5"]).standardOutput.hasPrefix("The objective at a preset"))
    try workspace.store("a,b\n".utf8, as: "empty.csv")
    try workspace.expectFailure(["show", "empty.csv"], "empty.csv", "no rows")
    try workspace.store("sample_rate: 44100\n".utf8, as: "broken.yaml")
    try workspace.expectFailure(["show", "broken.yaml"], "broken.yaml")
  }
}
