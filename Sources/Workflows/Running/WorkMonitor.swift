/// What watches a workflow: it hears messages and progress, and says when to stop.
///
/// The command line shows both on standard error and stops after Ctrl-C. A program that wants neither takes a
/// ``QuietMonitor``. Every call may come from any thread.
public protocol WorkMonitor: Sendable {
  /// Something was done, in one sentence.
  func message(_ text: String)

  /// Something that the user should know although the work goes on, in one sentence.
  func warning(_ text: String)

  /// Begins work of `total` steps.
  ///
  /// - Parameters:
  ///   - title: one word for the work.
  ///   - total: the number of steps.
  ///   - isLimit: whether it may end before them.
  func progress(_ title: String, total: Int, isLimit: Bool) -> any WorkProgress

  /// Runs `body`, a piece of work that has no steps.
  func during<Result>(_ title: String, _ body: () throws -> Result) rethrows -> Result

  /// Whether the work is to stop. It then ends in good order, with ``InterruptedError``.
  var isCancelled: Bool { get }

  /// Runs `body`, which asks ``isCancelled`` often enough to be stopped that way.
  func cancellable<Result>(_ body: () throws -> Result) rethrows -> Result
}

/// The steps of a piece of work.
public protocol WorkProgress: Sendable {
  /// Counts one step; `note` says how the work stands, for instance the loss.
  func advance(note: String)

  /// Ends the work. Finishing twice does no harm.
  func finish()
}

extension WorkProgress {
  /// Counts one step.
  public func advance() { advance(note: "") }
}

extension WorkMonitor {
  /// Begins work of `total` steps.
  public func progress(_ title: String, total: Int) -> any WorkProgress {
    progress(title, total: total, isLimit: false)
  }

  public func during<Result>(_: String, _ body: () throws -> Result) rethrows -> Result { try body() }

  public func cancellable<Result>(_ body: () throws -> Result) rethrows -> Result { try body() }

  /// - Throws: ``InterruptedError`` if the work is to stop.
  func requireNotCancelled() throws(InterruptedError) {
    if isCancelled { throw InterruptedError() }
  }
}

/// A monitor that shows nothing. Warnings are lost: give a monitor of your own where they matter.
public struct QuietMonitor: WorkMonitor {
  private let cancelled: @Sendable () -> Bool

  /// - Parameter isCancelled: asked often whether to stop.
  public init(isCancelled: @escaping @Sendable () -> Bool = { false }) { cancelled = isCancelled }

  public var isCancelled: Bool { cancelled() }
  public func message(_: String) {}
  public func warning(_: String) {}
  public func progress(_: String, total _: Int, isLimit _: Bool) -> any WorkProgress { Uncounted() }

  private struct Uncounted: WorkProgress {
    func advance(note _: String) {}
    func finish() {}
  }
}

/// Stops when another monitor says so, and shows nothing.
struct SilencedMonitor<Base: WorkMonitor>: WorkMonitor {
  let base: Base

  var isCancelled: Bool { base.isCancelled }
  func cancellable<Result>(_ body: () throws -> Result) rethrows -> Result { try base.cancellable(body) }
  func message(_: String) {}
  func warning(_: String) {}
  func progress(_ title: String, total: Int, isLimit: Bool) -> any WorkProgress {
    QuietMonitor().progress(title, total: total, isLimit: isLimit)
  }
}

extension WorkMonitor {
  /// This monitor for a part of some work whose whole it is told of.
  var silenced: SilencedMonitor<Self> { SilencedMonitor(base: self) }
}
