import Inference
import Testing

/// What samplers report, as structures and as numbers.
@Suite("Reports of samplers")
struct SamplerInfoTests {
  private func check<Info: SamplerInfo>(_: Info.Type, _ names: [String], sourceLocation: SourceLocation) {
    #expect(Info.names == names, sourceLocation: sourceLocation)
    let numbers = names.indices.map { Double($0) + 0.5 }
    let info = Info(numbers: numbers)
    #expect(info.numbers == numbers, sourceLocation: sourceLocation)
    // Two fields of one property would lose a number.
    #expect(Set(Info.fields.map(\.property)).count == names.count, sourceLocation: sourceLocation)
    #expect(Info().numbers.allSatisfy { $0 == 0 }, sourceLocation: sourceLocation)
  }

  @Test("Numbers go round under the names of files")
  func numbersGoRound() {
    let path = ["lp", "acceptance_rate", "step_size"]
    check(
      NoUTurn.Info.self,
      path + ["tree_depth", "n_steps", "diverging", "energy", "energy_error", "max_energy_error"],
      sourceLocation: #_sourceLocation)
    check(
      HamiltonianMonteCarlo.Info.self, path + ["n_steps", "diverging", "energy", "energy_error"],
      sourceLocation: #_sourceLocation)
    check(EllipticalSlice.Info.self, ["lp", "n_steps"], sourceLocation: #_sourceLocation)
    check(IndependentDraws.Info.self, ["lp", "log_ratio"], sourceLocation: #_sourceLocation)
  }
}
