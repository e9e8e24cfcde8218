import FXParams
import Testing

@Suite struct ParameterBlockTests {
  @Test func blocksOfTheDiffVoxChain() {
    let chain = ChainDescription.diffVox
    let blocks = chain.parameterBlocks
    let names = chain.parameterSpace.names
    #expect(
      blocks.map(\.name) == [
        "equaliser", "compressor", "delay", "reverb.b", "reverb.c", "reverb.gamma", "reverb.w", "reverb.tone",
        "direct.pan",
      ])
    #expect(blocks.map(\.indices.count) == [14, 9, 8, 12, 12, 49, 15, 10, 1])
    #expect(blocks.flatMap(\.indices).sorted() == Array(0..<130))
    for block in blocks where block.name.hasPrefix("reverb.") && block.name != "reverb.tone" {
      #expect(block.indices.allSatisfy { names[$0].hasPrefix(block.name + ".") }, "\(block.name)")
    }
    #expect(blocks[2].indices.map { names[$0] }.contains("reverb.send"))
  }

  @Test func equalisersOnEitherSideOfADynamicsEffect() {
    func band(_ name: String) -> SeriesEffect {
      .biquad(.init(name: name, response: .lowShelf, frequencyHz: .init(30, 200)))
    }
    let chain = ChainDescription(
      series: [band("before"), .compressorExpander(.init()), band("after")], sends: [], hasDirectPan: false)
    #expect(chain.parameterBlocks.map(\.name) == ["equaliser", "compressor", "equaliser2"])
    #expect(chain.parameterBlocks.flatMap(\.indices) == Array(0..<13))
  }
}
