import Evaluation
import Testing

@Test func meanSquaredErrorOfLogits() {
  #expect(ParameterDistance.meanSquaredError([1, 2, 3], [1, 0, 6]) == 13.0 / 3)
}
