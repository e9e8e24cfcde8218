import FXParams
import Testing

@Suite struct OscillatoryParametersTests {
  @Test func delayTimesRipple() {
    let chain = ChainDescription.diffVox
    #expect(chain.oscillatoryPositions.map { chain.parameterSpace.parameters[$0].name } == ["delay.time"])
    var two = chain
    two.sends.append(.pingPongDelay(PingPongDelay(name: "echo")))
    #expect(two.oscillatoryPositions.map { two.parameterSpace.parameters[$0].name } == ["delay.time", "echo.time"])
    two.sends = []
    #expect(two.oscillatoryPositions.isEmpty)
  }
}
