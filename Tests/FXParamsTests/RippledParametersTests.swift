import FXParams
import Testing

@Suite struct RippledParametersTests {
  @Test func delayTimesRipple() {
    let chain = ChainDescription.diffVox
    #expect(chain.rippledPositions.map { chain.parameterSpace.parameters[$0].name } == ["delay.time"])
    var two = chain
    two.sends.append(.pingPongDelay(PingPongDelay(name: "echo")))
    #expect(two.rippledPositions.map { two.parameterSpace.parameters[$0].name } == ["delay.time", "echo.time"])
    two.sends = []
    #expect(two.rippledPositions.isEmpty)
  }
}
