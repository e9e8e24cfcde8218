import NumericCore
import PresetStore

/// Single presets of the published collections, for tests that know nothing of collections.
public enum PublishedRows {
  /// The logits of a row: of the rows that the published prior was fitted to (`internal`), or of all (`medleydb`).
  public static func logits(_ collection: String, row: Int) throws -> [Double] {
    let presets = try DiffVoxImport.read(
      folder: Reference.path("diffvox/\(collection)"), selection: collection == "internal" ? .train : .all)
    return (0..<presets.theta.columns).map { presets.theta[row, $0] }
  }
}
