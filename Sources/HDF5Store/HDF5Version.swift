import CHDF5

/// The HDF5 library that is linked.
public enum HDF5Version {
  /// Such as `1.10.8`.
  public static var current: String {
    var (major, minor, release) = (UInt32(0), UInt32(0), UInt32(0))
    let operation = Operation(action: "ask for the version of", path: "HDF5")
    guard (try? Library.exec(operation) { H5get_libversion(&major, &minor, &release) }) != nil else {
      return "unknown"
    }
    return "\(major).\(minor).\(release)"
  }
}
