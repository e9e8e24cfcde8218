import Distributions
import FXParams
import NumericCore
import PresetStore
import PriorKit
import TestSupport

/// The published presets as estimators see them, and the scores of estimators on them.
struct PublishedPresets {
  let train: EstimationData
  let medley: Matrix

  init() throws {
    let train = try DiffVoxImport.read(folder: Reference.path("diffvox/internal"), selection: .train)
    medley = try DiffVoxImport.read(folder: Reference.path("diffvox/medleydb")).theta
    let names = train.chain.parameterSpace.names
    self.train = EstimationData(rows: train.theta, names: names, blocks: Self.blocks)
  }

  /// Equaliser, dynamics, delay, input and output gains, decay, mixing and tone of the reverb, pan.
  static let blocks = [0..<14, 14..<23, 23..<31, 31..<43, 43..<55, 55..<104, 104..<119, 119..<129, 129..<130]
    .map { Array($0) }

  /// Mean held-out log density a preset, less that of the published recipe, over random folds.
  func crossValidate(_ estimator: any DensityEstimator, folds: Int, seed: UInt64 = 1) throws -> Double {
    var source = RandomSource(seed: seed)
    let order = Array(0..<train.rows.rows).shuffled(using: &source)
    var sum = 0.0
    for fold in 0..<folds {
      let held = order.indices.filter { $0 % folds == fold }.map { order[$0] }
      let kept = order.indices.filter { $0 % folds != fold }.map { order[$0] }
      sum += try gain(of: estimator, train: kept, test: train.rows.selecting(rows: held)).reduce(0, +)
    }
    return sum / Double(order.count)
  }

  func gainOnMedley(_ estimator: any DensityEstimator) throws -> Double {
    let gains = try gain(of: estimator, train: Array(0..<train.rows.rows), test: medley)
    return gains.reduce(0, +) / Double(gains.count)
  }

  private func gain(of estimator: any DensityEstimator, train indices: [Int], test: Matrix) throws -> [Double] {
    var data = train
    data.rows = train.rows.selecting(rows: indices)
    let density = try estimator.fit(data)
    let moments = try SampleMoments(data.rows)
    let published = try MultivariateNormal(mean: moments.mean, covariance: moments.covariance())
    return (0..<test.rows).map {
      density.logDensity(at: test.row($0)) - published.logDensity(at: test.row($0))
    }
  }
}
