public import PresetStore

/// The presets that a share of some work gave, and which of its rows they are.
public struct PresetPart: Sendable {
  /// The rows of the whole, ascending; those that were left out are missing.
  public let rows: [Int]
  /// One preset for each; perhaps none.
  public let presets: PresetCollection

  package init(rows: [Int], presets: PresetCollection) { (self.rows, self.presets) = (rows, presets) }
}
