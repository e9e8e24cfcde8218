package import FXParams

extension ChainDescription {
  /// Refuses a preset that effects cannot be computed with.
  package func requireUsable(_ logits: [Double], row: Int, path: String) throws {
    do { try parameterSpace.requireUsable(logits: logits) } catch {
      throw WorkflowError(.notFinite, "Preset \(row) of \(path) cannot be heard: \(error)")
    }
  }

  /// Refuses presets of this chain for a prior of another.
  package func require(_ other: ChainDescription, paths: (presets: String, prior: String)) throws {
    guard self == other else {
      throw WorkflowError(
        .wrongContents,
        "\(paths.presets) and \(paths.prior) are of different chains: use presets of the prior's own chain.")
    }
  }
}
