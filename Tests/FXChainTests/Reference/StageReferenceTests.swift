import FXChain
import FXParams
import HDF5Store
import TestSupport
import Testing

/// Agreement with the authors' code stage by stage (reference/chain.h5), through chains that end after the stage.
@Suite(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
struct StageReferenceTests {
  let file: HDF5Reader
  let dry: [Double]

  init() throws {
    file = try Reference.open("chain")
    dry = try file.doubles("/dry").values
  }

  /// The output of a part of the chain at a preset of the whole; parameters are looked up by name.
  private func render(_ part: ChainDescription, theta: [Double]) throws -> Rendering {
    let whole = ChainDescription.diffVox.parameterSpace
    let logits = try part.parameterSpace.names.map { theta[try #require(whole.index(of: $0), "no \($0)")] }
    return Rendering(part, dry: dry, logits: logits, as: Float.self)
  }

  private func expect(_ found: [Double], equals stage: String, of name: String) throws {
    let error = relativeRMSError(found, try file.doubles("/cases/\(name)/\(stage)").values)
    #expect(error <= 1e-4, "\(stage) of \(name)")
  }

  @Test(arguments: ChainReferenceTests.cases) func seriesStagesAgree(_ name: String) throws {
    let theta = try file.doubles("/cases/\(name)/theta").values
    let series = ChainDescription.diffVox.series
    for end in 1...series.count {
      let part = ChainDescription(series: Array(series.prefix(end)), sends: [], hasDirectPan: false)
      try expect(try render(part, theta: theta).left, equals: series[end - 1].name, of: name)
    }
  }

  @Test(arguments: ChainReferenceTests.cases) func sendsAgree(_ name: String) throws {
    let theta = try file.doubles("/cases/\(name)/theta").values
    var part = ChainDescription.diffVox
    let output = try render(part, theta: theta)
    try expect(output.left + output.right, equals: "output", of: name)

    part.sends = []
    let direct = try render(part, theta: theta)
    try expect(direct.left + direct.right, equals: "direct_pan", of: name)

    part.sends = [ChainDescription.diffVox.sends[0]]
    let delayed = try render(part, theta: theta)
    try expect(difference(delayed, direct), equals: "delay", of: name)
    try expect(difference(output, delayed), equals: "reverb", of: name)
  }

  private func difference(_ a: Rendering, _ b: Rendering) -> [Double] {
    zip(a.left + a.right, b.left + b.right).map(-)
  }
}
