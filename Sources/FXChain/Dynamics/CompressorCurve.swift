public import FXParams

/// The static curve of a chain's compressor/expander: its output level for a steady input level.
public struct CompressorCurve {
  private let fields: CompressorFields
  private let offset: Int

  /// Of the first compressor in series; nil for a chain without one.
  public init?(_ chain: ChainDescription) {
    for (effect, positions) in zip(chain.series, chain.slots.series) {
      guard case .compressorExpander(let compressor) = effect else { continue }
      fields = CompressorFields(compressor)
      offset = positions.lowerBound
      return
    }
    return nil
  }

  /// Output levels in dB, make-up gain included, for input levels in dB.
  ///
  /// - Parameters:
  ///   - values: constrained values of the whole chain, in flat order.
  ///   - inputLevelsDB: steady levels in dB relative to full scale; one output level for each, in their order.
  public func outputLevelsDB(values: [Double], inputLevelsDB: [Double]) -> [Double] {
    values.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress.map({ $0 + offset }) else { return [] }
      let setting = fields.setting(start)
      return inputLevelsDB.map { level in
        // The gain computer of ``followDynamics``, at a level that stands still.
        let compressor = setting.compressorSlope * (setting.compressorThresholdDB - level)
        let expander = setting.expanderSlope * (setting.expanderThresholdDB - level)
        return level + start[fields.slots.makeup] + min(0, compressor, expander)
      }
    }
  }
}
