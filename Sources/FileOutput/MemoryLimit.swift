import Foundation

/// How much a file may ask for.
public enum MemoryLimit {
  /// Bytes that one array may take: three quarters of what the process may have, by the machine's memory, its
  /// control group and `ulimit -v`.
  public static let bytes: Int = {
    var limits = [UInt64(ProcessInfo.processInfo.physicalMemory)]
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max {
      limits.append(UInt64(limit.rlim_cur))
    }
    for file in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
      if let text = try? String(contentsOfFile: file, encoding: .utf8),
        let bytes = UInt64(text.trimmingCharacters(in: .whitespacesAndNewlines)), bytes > 0
      {
        limits.append(bytes)
      }
    }
    return Int((limits.min() ?? 0) / 4 * 3)
  }()

  /// `count` times `size` bytes if that is a number and not above the limit; otherwise nil.
  public static func bytes(count: Int, of size: Int) -> Int? {
    let (product, overflow) = count.multipliedReportingOverflow(by: size)
    return overflow || product < 0 || product > bytes ? nil : product
  }
}
