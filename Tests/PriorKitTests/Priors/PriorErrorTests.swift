import Distributions
import FXParams
import NumericCore
import PriorKit
import Testing

/// What is wrong with given moments, as the error says it.
@Suite struct PriorErrorTests {
  let names = SmallChain.bands.parameterSpace.names

  private func error(mean: [Double]? = nil, _ covariance: Matrix) -> (any Error)? {
    do {
      _ = try Prior(
        chain: SmallChain.bands, mean: mean ?? Array(repeating: 0, count: 7), covariance: covariance)
      return nil
    } catch {
      return error
    }
  }

  @Test func goodMomentsPass() { #expect(error(Matrix.identity(7)) == nil) }

  @Test func sizes() {
    #expect(
      error(mean: [1], Matrix.identity(7)) as? DistributionError
        == .dimensionMismatch(what: "mean", expected: 7, found: 1))
    #expect(
      error(Matrix.identity(6)) as? DistributionError
        == .dimensionMismatch(what: "covariance", expected: 7, found: 6))
    #expect(error(Matrix(rows: 7, columns: 6)) as? PriorError == .covarianceNotSquare(rows: 7, columns: 6))
  }

  @Test func entriesThatAreNotNumbers() {
    let mean = [0, .nan, 0, 0, 0, 0, 0]
    #expect("\(error(mean: mean, Matrix.identity(7))!)".contains(names[1]))
    var covariance = Matrix.identity(7)
    covariance[2, 3] = .infinity
    let message = "\(error(covariance)!)"
    #expect(message.contains(names[2]) && message.contains(names[3]) && message.contains("inf"))
  }

  @Test func asymmetry() {
    var covariance = Matrix.identity(7)
    covariance[4, 1] = 0.25
    #expect(
      error(covariance) as? PriorError
        == .asymmetricCovariance(row: names[4], column: names[1], value: 0.25, mirrored: 0))
    covariance[4, 1] = 1e-9
    #expect(error(covariance) == nil)
  }

  @Test func parametersWithoutVariance() {
    var covariance = Matrix.identity(7)
    covariance[5, 5] = 0
    #expect(error(covariance) as? PriorError == .constantParameter(parameter: names[5], variance: 0))
  }

  @Test func indefiniteAndSingular() {
    var covariance = Matrix.identity(7)
    covariance[0, 1] = 1.5
    covariance[1, 0] = 1.5
    guard case .notPositiveDefinite(let smallest, _) = error(covariance) as? PriorError else {
      Issue.record("an indefinite matrix passed")
      return
    }
    #expect(abs(smallest + 0.5) < 1e-12)
    #expect(
      error(Matrix(rows: 7, columns: 7, repeating: 1)) as? PriorError
        == .rankDeficient(rank: 1, dimension: 7, count: nil))
  }

  @Test func illConditioning() {
    var covariance = Matrix.identity(7)
    covariance[3, 3] = 1e-13
    guard case .illConditioned(let condition, let limit, let parameter) = error(covariance) as? PriorError else {
      Issue.record("an ill-conditioned matrix passed")
      return
    }
    #expect(abs(condition / 1e13 - 1) < 1e-9 && limit == 1e12 && parameter == names[3])
  }

  @Test func givenValuesAreChecked() throws {
    let prior = try Prior(
      chain: SmallChain.bands, mean: Array(repeating: 0, count: 7), covariance: Matrix.identity(7))
    #expect(throws: DistributionError.self) { try prior.conditional(given: [2], values: [.nan]) }
    #expect(throws: DistributionError.self) { try prior.conditional(given: [2], values: [1, 2]) }
    #expect(try prior.marginal(over: [4, 2]).mean == [0, 0])
  }
}
