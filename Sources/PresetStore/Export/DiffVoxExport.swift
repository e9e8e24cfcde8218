public import FXParams
import FileOutput
public import Foundation
public import NumericCore

/// Export in the layout of the DiffVox release (github.com/SonyResearch/diffvox, `get_params.py` and
/// `scripts/pca_trsfm.py`), so that the authors' code reads presets and priors of PriorKit; ``DiffVoxImport`` is
/// its inverse.
///
/// The raw numbers that have no effect, the diagonal and the lower triangle of the generator of U, are zeros, as
/// the authors' own code fills them (`vec2statedict` in `modules/utils.py`).
public enum DiffVoxExport {
  /// A file of the folder.
  public typealias File = (name: String, content: Data)

  /// Every name that such a folder has.
  public static let fileNames: Set<String> = [
    "raw_params.npy", "feature_mask.npy", "info.json", "train_index.npy", "gaussian.npz",
  ]

  // MARK: - Files

  /// The files of presets: `raw_params.npy` [N, 151], `feature_mask.npy` [151], `info.json` and `train_index.npy`,
  /// which names every row.
  ///
  /// The raw numbers are f4, as published, if that keeps every bit of the logits, and f8 otherwise.
  ///
  /// - Throws: ``DataError`` for presets of another chain.
  public static func files(
    of presets: PresetCollection, path: String, provenance: Provenance? = nil
  ) throws -> [File] {
    try presets.check(path: path)
    try require(presets.chain, path: path)
    let shape = [presets.count, DiffVoxLayout.count]
    let numbers = (0..<presets.count).flatMap { Self.raw(ofLogits: presets.theta.row($0)) }
    let information = try DiffVoxInformationText.text(of: presets, provenance: provenance)
    return [
      ("raw_params.npy", array(numbers, shape: shape)),
      ("feature_mask.npy", NPYData.booleans(DiffVoxLayout.mask, shape: [DiffVoxLayout.count])),
      ("info.json", Data(information.utf8)),
      ("train_index.npy", NPYData.integers(Array(0..<presets.count), shape: [presets.count])),
    ]
  }

  /// The files of a Gaussian: `gaussian.npz` with `mean` [130] and `cov` [130, 130], f4 as published, and
  /// `feature_mask.npy`.
  ///
  /// - Throws: ``DataError`` for moments of another chain.
  public static func files(
    ofMean mean: [Double], covariance: Matrix, chain: ChainDescription, path: String
  ) throws -> [File] {
    try require(chain, path: path)
    let count = mean.count
    let archive = try ZipArchive.data(
      [
        ("mean.npy", NPYData.floats(mean.map { Float($0) }, shape: [count])),
        ("cov.npy", NPYData.floats(covariance.values.map { Float($0) }, shape: [count, count])),
      ], path: path)
    return [
      ("gaussian.npz", archive),
      ("feature_mask.npy", NPYData.booleans(DiffVoxLayout.mask, shape: [DiffVoxLayout.count])),
    ]
  }

  /// Writes the folder, completely or not at all; an existing one is replaced as a whole.
  public static func write(_ files: [File], to folder: String, overwrite: Bool) throws {
    try OutputBundle.write(files, to: folder, overwrite: overwrite) { fileNames.contains($0) }
  }

  /// Whether the raw numbers of presets are exact in single precision, and are written so.
  public static func isSinglePrecision(_ presets: PresetCollection) -> Bool { isSingle(presets.theta.values) }

  // MARK: - Numbers

  static func raw(ofLogits logits: [Double]) -> [Double] {
    var rest = logits.makeIterator()
    return DiffVoxLayout.mask.map { $0 ? rest.next() ?? 0 : 0 }
  }

  private static func array(_ values: [Double], shape: [Int]) -> Data {
    isSingle(values)
      ? NPYData.floats(values.map { Float($0) }, shape: shape) : NPYData.doubles(values, shape: shape)
  }

  private static func isSingle(_ values: [Double]) -> Bool { values.allSatisfy { Double(Float($0)) == $0 } }

  private static func require(_ chain: ChainDescription, path: String) throws {
    guard chain == .diffVox else {
      throw DataError(
        .wrongChain, path,
        "\(path) is of another chain than DiffVox's, the only one that the authors' layout holds: export it to a "
          + "table instead.")
    }
  }
}
