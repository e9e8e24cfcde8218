import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite("Kernel ridge regression")
struct KernelRidgeTests {
  private static let count = 60

  private func data(seed: UInt64 = 1, count: Int = count) -> (inputs: Matrix, targets: Matrix, weights: [Double]) {
    var source = RandomSource(seed: seed)
    let inputs = Matrix(rows: count, columns: 2, values: (0..<2 * count).map { _ in source.nextNormal() })
    let targets = Matrix(
      rows: (0..<count).map { row in
        [sin(2 * inputs[row, 0]) + 0.1 * source.nextNormal(), source.nextNormal()]
      })
    return (inputs, targets, (0..<count).map { 0.5 + Double($0 % 3) / 2 })
  }

  private func kernel(_ first: [Double], _ second: [Double]) -> Double {
    exp(-zip(first, second).reduce(0) { $0 + pow($1.0 - $1.1, 2) })
  }

  /// (K + strength W^-1) alpha = y, by Cholesky.
  private func solved(
    _ inputs: Matrix, _ targets: [Double], _ weights: [Double], strength: Double
  ) throws -> [Double] {
    var gram = Matrix(rows: inputs.rows, columns: inputs.rows)
    for row in 0..<inputs.rows {
      for column in 0..<inputs.rows { gram[row, column] = kernel(inputs.row(row), inputs.row(column)) }
      gram[row, row] += strength / weights[row]
    }
    return try Cholesky(gram).solve(Matrix(rows: targets.count, columns: 1, values: targets)).values
  }

  @Test func theFunctionIsThatOfTheNormalEquations() throws {
    let (inputs, targets, weights) = data()
    let fit = try KernelRidge(inputs: inputs, targets: targets, weights: weights, mostCentres: 1000)
    let expected = try solved(inputs, targets.column(0), weights, strength: 0.3)
    let predicted = fit.predictions(of: inputs, strengths: [0.3, .infinity])
    let coefficients = fit.coefficients(strengths: [0.3, 0.3])
    for row in 0..<inputs.rows {
      let truth = (0..<inputs.rows).reduce(0) { $0 + expected[$1] * kernel(inputs.row(row), inputs.row($1)) }
      #expect(abs(predicted[0][row, 0] - truth) < 1e-6)
      let own = (0..<inputs.rows).reduce(0) { sum, centre in
        sum + coefficients[centre, 0] * kernel(inputs.row(row), fit.centres.row(centre))
      }
      #expect(abs(own - truth) < 1e-6)
      #expect(predicted[1][row, 0] == 0)
    }
  }

  @Test func leavingOneOutIsFittingWithoutIt() throws {
    let (inputs, targets, weights) = data()
    let fit = try KernelRidge(inputs: inputs, targets: targets, weights: weights, mostCentres: 1000)
    let errors = fit.leaveOneOutErrors(strength: 0.3)
    for row in [0, 17, 59] {
      let others = (0..<inputs.rows).filter { $0 != row }
      let part = inputs.selecting(rows: others)
      let alpha = try solved(
        part, others.map { targets[$0, 0] }, others.map { weights[$0] }, strength: 0.3)
      let truth = others.indices.reduce(0) { $0 + alpha[$1] * kernel(inputs.row(row), part.row($1)) }
      #expect(abs(errors[row, 0] - (targets[row, 0] - truth)) < 1e-6)
    }
  }

  @Test func fewCentresComeNearTheWhole() throws {
    let (inputs, targets, weights) = data(count: 400)
    let whole = try KernelRidge(inputs: inputs, targets: targets, weights: weights, mostCentres: 400)
    let some = try KernelRidge(inputs: inputs, targets: targets, weights: weights, mostCentres: 100)
    #expect(some.centres.rows == 100)
    let (all, few) = (
      whole.predictions(of: inputs, strengths: [0.3])[0], some.predictions(of: inputs, strengths: [0.3])[0]
    )
    #expect(relativeNormError(few.column(0), all.column(0)) < 0.1)
  }

  @Test func strengthsFollowWhatInputsTell() throws {
    let (inputs, targets, weights) = data(count: 300)
    let fit = try KernelRidge(inputs: inputs, targets: targets, weights: weights, mostCentres: 1000)
    let search = try KernelRidgeSearch(fit, inputs: inputs, targets: targets, weights: weights, groups: nil)
    #expect(search.strengths[0] < 1 && search.strengths[1] >= 30)
    let noise = search.errors.column(0).map { $0 * $0 }.reduce(0, +) / 300
    #expect((0.01...0.03).contains(noise), "noise of variance 0.01, and what 300 pairs leave unknown")
  }

  @Test func whatOnlyTellsGroupsApartIsNotUsed() throws {
    // The first input is the group, to which the targets belong within the pairs but not beyond.
    var source = RandomSource(seed: 5)
    let groups = (0..<200).map { "group \($0 % 4)" }
    let level = [-1.5, 2.0, 0.4, -0.9]
    let inputs = Matrix(rows: (0..<200).map { [Double($0 % 4), 0.1 * source.nextNormal()] })
    let targets = Matrix(rows: (0..<200).map { [level[$0 % 4] + 0.1 * source.nextNormal()] })
    let weights = [Double](repeating: 1, count: 200)
    let fit = try KernelRidge(inputs: inputs, targets: targets, weights: weights, mostCentres: 1000)
    let blind = try KernelRidgeSearch(fit, inputs: inputs, targets: targets, weights: weights, groups: nil)
    #expect(blind.error < 0.05)
    let grouped = try KernelRidgeSearch(fit, inputs: inputs, targets: targets, weights: weights, groups: groups)
    #expect(grouped.strengths[0] > blind.strengths[0] && grouped.error > 1)
  }

  /// The groups of presets reach the regression, rows of weight 0 left out, whatever the density of what is left.
  @Test(arguments: ["kernel-ridge", "kernel-ridge-student-t"]) func groupsOfPresetsAreLeftOut(_ name: String) throws
  {
    var source = RandomSource(seed: 8)
    let level = [-1.5, 2.0, 0.4, -0.9]
    let theta = Matrix(
      rows: (0..<240).map { [level[$0 % 4] + 0.1 * source.nextNormal(), source.nextNormal(), source.nextNormal()] })
    let features = Matrix(rows: (0..<240).map { [Double($0 % 4), 0.1 * source.nextNormal(), source.nextNormal()] })
    var presets = PresetCollection(
      chain: SimulatedPairs.chain, theta: theta, features: features, featureNames: ["a", "b", "c"])
    presets.weights = (0..<240).map { $0 < 200 ? 1 : 0 }
    for row in 200..<240 { presets.theta[row, 0] += 1000 }
    func heldOutError(_ groups: [String]?) throws -> Double {
      presets.groups = groups
      let prior = try ConditionalCatalogue.fitter(named: name, candidates: [3]).fit(presets, path: "pairs.h5")
      let found = prior.record?.hyperparameters.first { $0.name == "held_out_error" }
      return try #require(found).value
    }
    let alone = try heldOutError(nil)
    // The first of three parameters follows the group, which says nothing about another group.
    #expect(alone < 0.75)
    #expect(try heldOutError((0..<240).map { "group \($0 % 4)" }) > 0.95)
  }

  @Test func aCurvedConditionalIsRecoveredWhereALinearFamilyFails() throws {
    func pairs(_ count: Int, seed: UInt64) -> PresetCollection {
      var source = RandomSource(seed: seed)
      let features = Matrix(rows: (0..<count).map { _ in (0..<4).map { _ in source.nextNormal() } })
      let theta = Matrix(
        rows: (0..<count).map { row in
          [
            features[row, 0] * features[row, 0] + 0.3 * source.nextNormal(),
            sin(2 * features[row, 1]) + 0.3 * source.nextNormal(), 0.3 * source.nextNormal(),
          ]
        })
      return PresetCollection(
        chain: SimulatedPairs.chain, theta: theta, features: features,
        featureNames: (0..<4).map { "feature \($0)" })
    }
    let (training, held) = (pairs(800, seed: 1), pairs(300, seed: 2))
    let features = try #require(held.features)
    func mean(_ name: String) throws -> Double {
      let prior = try ConditionalCatalogue.fitter(named: name, candidates: [4]).fit(training, path: "pairs.h5")
      return try prior.logDensities(parameters: held.theta, features: features).reduce(0, +) / 300
    }
    let curved = try mean("kernel-ridge")
    #expect(try curved > mean("linear-gaussian") + 0.5)
    // The truth: three normals of deviation 0.3.
    let truth = -3 * (0.5 + log(0.3) + 0.5 * log(2 * Double.pi))
    #expect(curved > truth - 0.6, "\(curved) of \(truth)")
  }
}
