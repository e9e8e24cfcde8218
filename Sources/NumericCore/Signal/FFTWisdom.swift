import CFFTW
import Foundation
import Synchronization

/// What FFTW has learnt about this machine by timing, kept from one run to the next.
///
/// Planning a transform of a million points by measurement takes seconds and makes it up to twice as fast. The
/// accumulated wisdom is a small file a precision in the user's cache folder, `XDG_CACHE_HOME` or `~/.cache`, below
/// `priorkit`. A file that is absent, damaged or cannot be written changes nothing but the time that planning takes; it
/// is replaced as a whole. The environment variable `PRIORKIT_FFT_WISDOM=off` leaves the folder alone.
public enum FFTWisdom {
  private static let planning = Mutex(FFTPlanning.estimate)

  /// How ``RealFFT`` plans where it is not told: by rule, unless a long computation asked for measurement. Plans that
  /// are in the wisdom are used either way.
  public static var defaultPlanning: FFTPlanning {
    get { planning.withLock { $0 } }
    set { planning.withLock { $0 = newValue } }
  }

  /// Takes the wisdom of earlier runs.
  public static func load() {
    guard let folder else { return }
    plannerLock.withLock {
      _ = fftwf_import_wisdom_from_filename(folder.appendingPathComponent(fileName("float")).path)
      _ = fftw_import_wisdom_from_filename(folder.appendingPathComponent(fileName("double")).path)
    }
  }

  /// Whether ``save()`` has somewhere to write.
  public static var canBeKept: Bool {
    guard let folder else { return false }
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return FileManager.default.isWritableFile(atPath: folder.path)
  }

  /// Keeps what is known now for later runs, if there is anything new.
  public static func save() {
    guard let folder else { return }
    let (single, double) = plannerLock.withLock {
      (take(fftwf_export_wisdom_to_string()), take(fftw_export_wisdom_to_string()))
    }
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, wisdom) in [(fileName("float"), single), (fileName("double"), double)] {
      let file = folder.appendingPathComponent(name)
      guard let wisdom, wisdom != (try? String(contentsOf: file, encoding: .utf8)) else { continue }
      try? Data(wisdom.utf8).write(to: file, options: .atomic)
    }
  }

  /// Where the files are; nil where there is no such place or the user wants none.
  private static var folder: URL? {
    let environment = ProcessInfo.processInfo.environment
    guard environment["PRIORKIT_FFT_WISDOM"] != "off" else { return nil }
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
      return URL(fileURLWithPath: cache).appendingPathComponent("priorkit")
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return URL(fileURLWithPath: home).appendingPathComponent(".cache/priorkit")
  }

  /// Wisdom belongs to a version of the library on one kind of processor.
  private static func fileName(_ precision: String) -> String {
    "\(NumericLibraries.fftwVersion)-v\(NumericLibraries.instructionSet.rawValue)-\(precision).wisdom"
  }

  private static func take(_ text: UnsafeMutablePointer<CChar>?) -> String? {
    guard let text else { return nil }
    defer { free(text) }
    return String(cString: text)
  }
}
