import FXParams
import FileOutput
import Foundation
import HDF5Store
import NumericCore
import TestSupport
import Testing

/// Preset and prior files that cannot be used: one sentence, exit code 1, nothing left behind.
@Suite("Bad preset and prior files")
struct BadPresetTests {
  /// A workspace with presets of three parameters, `small.h5`, and a prior fitted to them, `small-prior.h5`.
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.storeSmallPresets()
    try workspace.succeed(["fit", "small.h5", "-o", "small-prior.h5"])
    return workspace
  }

  /// Writes presets of the one-band equaliser by hand.
  private func store(
    _ theta: Matrix, names: [String] = ChainDescription.bell.parameterSpace.names, as name: String,
    in workspace: Workspace
  ) throws {
    try HDF5Writer.create(workspace.path(name), overwrite: false) { file in
      try file.set("presets", attribute: "priorkit_kind")
      try file.set(1, attribute: "priorkit_version")
      try file.write(ChainDescription.bell.yaml(), to: "/parameter_space")
      try file.write(names, to: "/names")
      try file.write(theta.values, shape: [theta.rows, theta.columns], to: "/theta")
    }
  }

  private func filled(rows: Int, columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, values: (0..<rows * columns).map { sin(Double($0 * $0)) })
  }

  // MARK: - Files that are none

  @Test func missingFile() throws {
    let workspace = try workspace()
    try workspace.expectFailure(["fit", "absent.h5", "-o", "p.h5"], "absent.h5", "no file")
    try workspace.expectFailure(["show", "absent.h5"], "absent.h5")
    try workspace.expectFailure(["export", "absent.h5", "-o", "x.csv"], "absent.h5")
    try workspace.expectFailure(["score", "absent.h5", "small.h5"], "absent.h5")
    try workspace.expectFailure(["sample", "absent.h5", "-o", "x.h5"], "absent.h5")
    try workspace.expectFailure(["import", "csv", "absent.csv", "--chain", "c.yaml", "-o", "x.h5"], "c.yaml")
    try workspace.expectFailure(["import", "diffvox", "absent", "-o", "x.h5"], "absent/")
  }

  @Test func notHDF5() throws {
    let workspace = try workspace()
    try workspace.store("label,bell.gain\n".utf8, as: "table.h5")
    try workspace.store([], as: "empty.h5")
    for name in ["table.h5", "empty.h5"] {
      try workspace.expectFailure(["fit", name, "-o", "p.h5"], name, "HDF5")
      try workspace.expectFailure(["show", name], name, "HDF5")
      try workspace.expectFailure(["sample", name, "-o", "p.h5"], name, "HDF5")
    }
  }

  @Test(arguments: [0.3, 0.6, 0.95]) func truncatedHDF5(share: Double) throws {
    let workspace = try workspace()
    let bytes = try Data(contentsOf: DefaultData.file("presets.h5"))
    try workspace.store(bytes.prefix(Int(share * Double(bytes.count))), as: "cut.h5")
    try workspace.expectFailure(["fit", "cut.h5", "-o", "p.h5"], "cut.h5", "cut off")
    try workspace.expectFailure(["show", "cut.h5"], "cut.h5")
  }

  @Test func wrongKind() throws {
    let workspace = try workspace()
    try workspace.expectFailure(
      ["fit", "small-prior.h5", "-o", "p.h5"], "small-prior.h5", "holds a prior, not presets")
    try workspace.expectFailure(["sample", "small.h5", "-o", "p.h5"], "small.h5", "holds presets")
    try workspace.expectFailure(["score", "small.h5", "small-prior.h5"], "small.h5", "holds presets")
    try HDF5Writer.create(workspace.path("foreign.h5"), overwrite: false) { file in
      try file.write([1.0], shape: [1], to: "/theta")
    }
    for arguments in [["show", "foreign.h5"], ["fit", "foreign.h5", "-o", "p.h5"]] {
      try workspace.expectFailure(arguments, "foreign.h5")
    }
  }

  // MARK: - Contents

  @Test func wrongNumberOfParameters() throws {
    let workspace = try workspace()
    try store(filled(rows: 9, columns: 2), as: "narrow.h5", in: workspace)
    try workspace.expectFailure(["fit", "narrow.h5", "-o", "p.h5"], "narrow.h5", "2 columns", "3 parameters")
  }

  @Test(arguments: [Double.nan, .infinity]) func notFiniteRow(value: Double) throws {
    let workspace = try workspace()
    var theta = filled(rows: 9, columns: 3)
    theta[4, 1] = value
    try store(theta, as: "nan.h5", in: workspace)
    for arguments in [
      ["fit", "nan.h5", "-o", "p.h5"], ["score", "small-prior.h5", "nan.h5"], ["show", "nan.h5"],
    ] {
      try workspace.expectFailure(arguments, "nan.h5", "4", "bell.frequency")
    }
  }

  @Test(arguments: 1...3) func tooFewPresets(count: Int) throws {
    let workspace = try workspace()
    try store(filled(rows: count, columns: 3), as: "few.h5", in: workspace)
    try workspace.expectFailure(["fit", "few.h5", "-o", "p.h5"], "\(count)", "presets")
  }

  @Test func rankDeficientPresets() throws {
    let workspace = try workspace()
    try workspace.storeSmallPresets(40, as: "flat.h5", rank: 2)
    try workspace.expectFailure(["fit", "flat.h5", "-o", "p.h5"], "rank 2")
  }

  @Test func unknownNames() throws {
    let workspace = try workspace()
    let names = ["bell.gain", "bell.pitch", "bell.q"]
    try store(filled(rows: 9, columns: 3), names: names, as: "named.h5", in: workspace)
    try workspace.expectFailure(["fit", "named.h5", "-o", "p.h5"], "named.h5", "bell.pitch", "bell.frequency")
  }

  @Test func chainMismatch() throws {
    let workspace = try workspace()
    try workspace.storePrior()
    try workspace.storeVoice()
    try workspace.expectFailure(["score", "prior.h5", "small.h5"], "prior.h5", "small.h5", "different chains")
    try workspace.expectFailure(
      [
        "objective", "--prior", "prior.h5", "--presets", "small.h5", "--dry", "dry.wav", "--reference",
        "reference.wav", "-o", "o.h5",
      ], "different chains")
  }

  @Test func rowOutOfRange() throws {
    let workspace = try workspace()
    try workspace.storeVoice()
    try workspace.expectFailure(["render", "small.h5", "--row=40", "dry.wav", "-o", "w.wav"], "0 to 39")
  }

  // MARK: - Tables

  @Test func badTables() throws {
    let workspace = try workspace()
    try workspace.store(try ChainDescription.bell.yaml().utf8, as: "chain.yaml")
    func expect(_ table: String, _ words: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
      try workspace.store(table.utf8, as: "table.csv")
      try workspace.expectFailure(
        ["import", "csv", "table.csv", "--chain", "chain.yaml", "-o", "p.h5"], "table.csv", words,
        sourceLocation: sourceLocation)
    }
    try expect("bell.gain,bell.frequency\n1,200\n", "no column bell.q")
    try expect("bell.gain,bell.frequency,bell.q,bell.pitch\n1,200,1,1\n", "bell.pitch")
    try expect("bell.gain,bell.frequency,bell.q\n1,9999,1\n", "bell.frequency = 9999.0 Hz")
    try expect("bell.gain,bell.frequency,bell.q\n1,nan,1\n", "Line 2")
    try expect("bell.gain,bell.frequency,bell.q\n1,200\n", "2 cells")
    try expect("bell.gain,bell.frequency,bell.q\n", "no presets")
    try expect("", "empty")
    try workspace.store("series: [".utf8, as: "chain.yaml")
    try workspace.expectFailure(
      ["import", "csv", "table.csv", "--chain", "chain.yaml", "-o", "p.h5"], "chain.yaml", "YAML")
  }
}
