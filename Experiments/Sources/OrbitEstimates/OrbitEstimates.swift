import ArgumentParser
import Distributions
import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit

/// Whether sums over random orders of bands are as far from the exact ones as they say, and how long each takes.
@main
struct OrbitEstimates: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare sampled orbit sums with exact ones, on presets under a prior.",
    discussion: """
      EXAMPLE:
        swift run -c release --package-path Experiments OrbitEstimates prior.h5 presets.h5

      Evenly spaced presets of the file are scored by all orders that matter (a search, to 1e-7 nats) and by random
      orders with a standard error. Printed are the mean stated error, the error that was made, the errors in units
      of the stated one, and the time of a density: sampled, by the search, and by all orders in one product by
      BLAS, the last on a few presets and without the making of the images.
      """)

  @Argument(help: "The prior file.") var prior: String
  @Argument(help: "The preset file.") var presets: String
  @Option(help: "Presets to score.") var count = 300
  @Option(help: "Random orders of each.") var draws = 128

  func run() throws {
    let prior = try PriorFile.read(prior)
    let collection = try PresetFile.read(presets)
    let base = (prior.distribution as? OrbitSum)?.base ?? prior.distribution
    let group = try prior.chain.symmetries.exactGroup()
    let density = try OrbitSum(base, over: group)
    let count = min(count, collection.count)
    let points = (0..<count).map { collection.theta.row($0 * collection.count / count) }
    var exact: [Double] = []
    let searchSeconds = seconds { exact = points.map { density.logDensity(at: $0) } }
    var estimates: [(logDensity: Double, standardError: Double)] = []
    let sampleSeconds = try seconds {
      estimates = try points.enumerated().compactMap {
        try density.estimate(at: $0.element, draws: draws, seed: UInt64($0.offset))
      }
    }
    guard estimates.count == count else { throw ValidationError("The chain has no bands to put into an order.") }
    let errors = zip(estimates, exact).map { $0.logDensity - $1 }
    let scores = zip(errors, estimates).map { $0 / max($1.standardError, 1e-9) }
    func root(_ values: [Double]) -> Double {
      (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
    }
    print("presets\t\(count)\norders\t\(group.count)\ndraws\t\(draws)")
    print("stated_error\t\(estimates.reduce(0) { $0 + $1.standardError } / Double(count))")
    print("error\t\(root(errors))\nlargest_error\t\(errors.map(abs).max() ?? 0)")
    print("error_in_stated\t\(root(scores))\nwithin_two\t\(scores.count { abs($0) <= 2 })")
    print("within_three\t\(scores.count { abs($0) <= 3 })")
    print("sampled_milliseconds\t\(1000 * sampleSeconds / Double(count))")
    print("search_milliseconds\t\(1000 * searchSeconds / Double(count))")
    guard group.count <= 40320, let elements = try? group.elements() else { return }
    let images = points.prefix(5).map { point in Matrix(rows: elements.compactMap { $0.image(of: point)?.theta }) }
    let productSeconds = seconds { for image in images { _ = base.logDensities(ofRows: image) } }
    print("all_orders_milliseconds\t\(1000 * productSeconds / Double(images.count))")
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let begin = Date()
    try body()
    return Date().timeIntervalSince(begin)
  }
}
