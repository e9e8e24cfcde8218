extension Provenance {
  /// The record in one line, for files that hold no attributes, such as recordings.
  public var text: String {
    let files = inputs.map { " \($0.path) sha256:\($0.sha256)" }.joined(separator: ";")
    let seed = seed.map { "; seed \($0)" } ?? ""
    return "\(command); priorkit \(version)\(seed); inputs:\(files)"
  }
}
