/// Why a file of weights is refused: one sentence that names the file, what was found and the remedy.
public enum SafeTensorsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A PyTorch checkpoint: a program in disguise, which is never read.
  case isCheckpoint(path: String)
  case notSafeTensors(path: String, reason: String)
  case truncated(path: String, bytes: Int, expected: Int)
  case missing(path: String, tensor: String)
  case wrongShape(path: String, tensor: String, found: [Int], expected: [Int])
  case wrongType(path: String, tensor: String, found: String)
  case notFinite(path: String, tensor: String)
  case unknown(path: String, tensor: String)
  /// Variances and deviations are not below zero.
  case negative(path: String, tensor: String)

  public var description: String {
    switch self {
    case .isCheckpoint(let path):
      "\(path) is a PyTorch checkpoint, whose pickles are not read: convert it with scripts/convert-afx-rep.py."
    case .notSafeTensors(let path, let reason):
      "\(path) is not a safetensors file (\(reason)): give weights that were saved as safetensors."
    case .truncated(let path, let bytes, let expected):
      "\(path) has \(bytes) bytes where its header announces \(expected): copy or convert it once more."
    case .missing(let path, let tensor):
      "\(path) has no tensor \(tensor): give the weights of the whole network."
    case .wrongShape(let path, let tensor, let found, let expected):
      "The tensor \(tensor) of \(path) has the shape \(found) where \(expected) is expected: give the weights of "
        + "another network."
    case .wrongType(let path, let tensor, let found):
      "The tensor \(tensor) of \(path) has the type \(found): save it as F32, F16 or BF16."
    case .notFinite(let path, let tensor):
      "The tensor \(tensor) of \(path) has a number that is not finite: convert the weights once more."
    case .unknown(let path, let tensor):
      "\(path) has a tensor \(tensor) that is not part of the network: give the weights of the network alone."
    case .negative(let path, let tensor):
      "The tensor \(tensor) of \(path) has a number below zero where variances are expected: write the weights "
        + "once more."
    }
  }
}
