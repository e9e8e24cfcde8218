import FXParams

extension PresetCollection {
  /// The collection as estimators see it.
  public var estimationData: EstimationData {
    EstimationData(rows: theta, names: chain.parameterSpace.names, blocks: chain.effectBlocks.map(\.indices))
  }
}
