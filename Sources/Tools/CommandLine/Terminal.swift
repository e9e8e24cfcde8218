import Foundation

/// What may be shown on the terminal that standard error goes to.
package enum Terminal {
  /// Whether lines can be redrawn: standard error is a terminal, and not a dumb one.
  package static var isInteractive: Bool {
    isatty(Console.diagnostics) != 0 && environment("TERM").map { $0 != "dumb" } ?? false
  }

  /// Whether colours are wanted: see https://no-color.org.
  package static var isColoured: Bool { isInteractive && (environment("NO_COLOR") ?? "").isEmpty }

  /// Columns of the terminal.
  static var width: Int {
    var size = winsize()
    return ioctl(Console.diagnostics, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  private static func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}
