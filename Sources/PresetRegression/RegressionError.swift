/// Why a regression network cannot be used: one sentence that names the file or the value and the remedy.
public enum RegressionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Weights of something else, or no weights.
  case notRegression(path: String, reason: String)
  case unusable(path: String, reason: String)
  case unknownTensor(path: String, tensor: String)
  case tooShort(frameCount: Int, needed: Int, sampleRate: Double)
  /// The segment, or what the network makes of it.
  case notFinite

  public var description: String {
    switch self {
    case .notRegression(let path, let reason):
      "\(path) is not a regression network of priorkit (\(reason)): train one, or name another file."
    case .unusable(let path, let reason):
      "The regression network of \(path) cannot be computed because \(reason): train it once more."
    case .unknownTensor(let path, let tensor):
      "\(path) has a tensor \(tensor) that is not part of its network: train it once more."
    case .tooShort(let frameCount, let needed, let sampleRate):
      "A segment of \(seconds(frameCount, sampleRate)) s is shorter than the \(seconds(needed, sampleRate)) s that "
        + "the regression network needs: take longer segments."
    case .notFinite:
      "The regression network has no finite answer for a segment: check the recording for samples that are no "
        + "numbers or far beyond full scale."
    }
  }

  private func seconds(_ frames: Int, _ sampleRate: Double) -> Double {
    (Double(frames) / sampleRate * 1000).rounded() / 1000
  }
}
