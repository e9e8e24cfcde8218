import NumericCore

/// The folds inside the data of a fit, on which it chooses its hyper-parameters.
///
/// Equal rows, and copies of one preset, share a fold, or duplicates would make every shrinkage look too weak. The
/// folds are shuffled by a fixed seed, so that a fit is a function of its data. With fewer than five different rows
/// nothing can be held out: there are no folds.
struct InnerFolds {
  /// Rows that are fitted to, and rows that are scored.
  struct Fold {
    let training: [Int]
    let heldOut: [Int]
  }

  let folds: [Fold]

  private static let seed: UInt64 = 20_041_110

  /// - Parameter origins: which preset each row is a copy of, where rows are copies.
  init(_ rows: Matrix, origins: [Int]? = nil, count: Int = 5) {
    var classes: [[Double]: Int] = [:]
    let membership = (0..<rows.rows).map { row in
      let values = origins.map { [Double($0[row])] } ?? rows.row(row)
      let number = classes[values, default: classes.count]
      classes[values] = number
      return number
    }
    guard classes.count >= 5 else {
      folds = []
      return
    }
    var source = RandomSource(seed: Self.seed)
    let order = (0..<classes.count).shuffled(using: &source)
    folds = (0..<count).map { fold in
      let isHeldOut = membership.map { order[$0] % count == fold }
      return Fold(
        training: isHeldOut.indices.filter { !isHeldOut[$0] }, heldOut: isHeldOut.indices.filter { isHeldOut[$0] })
    }
  }
}
