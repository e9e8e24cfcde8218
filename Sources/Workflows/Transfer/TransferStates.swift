import FileOutput
import Foundation
import Inference

/// Where an unfinished transfer keeps what it needs to go on: one file per start, in a folder.
public struct TransferStates: Sendable {
  private let folder: String
  private let problem: String
  /// Whether to go on from what is there.
  let isResuming: Bool
  /// The number of the first start's file.
  private var offset = 0

  /// - Parameters:
  ///   - folder: where the files are; made when there is something to keep.
  ///   - problem: ``StyleProblem/fingerprint(_:condition:)``: a state of another problem is refused.
  ///   - isResuming: whether to go on from what is there. A start that had not begun has nothing yet.
  public init(in folder: String, problem: String, isResuming: Bool = false) {
    (self.folder, self.problem, self.isResuming) = (folder, problem, isResuming)
  }

  /// The file of a start, from 0.
  static func file(of start: Int, in folder: String) -> String {
    folder + (start == 0 ? "/state.h5" : "/state-\(start + 1).h5")
  }

  /// Checks that there is a state to go on from.
  ///
  /// - Throws: ``WorkflowError`` if there is none.
  public static func require(in folder: String) throws {
    let path = file(of: 0, in: folder)
    guard !FileContents.isUnwritten(path) else {
      throw WorkflowError(.noState, "There is no \(path) to go on from: start anew.")
    }
  }

  /// Removes the states of all starts, which a finished run has no use for, and those that follow them in number:
  /// an interrupted run may have had more.
  public func remove(starts: Int) {
    var start = 0
    while start < starts || FileManager.default.fileExists(atPath: Self.file(of: start, in: folder)) {
      try? FileManager.default.removeItem(atPath: Self.file(of: start, in: folder))
      start += 1
      // What cannot be removed must not hold up the loop.
      guard start < 100_000 else { break }
    }
  }

  /// Runs `write`, which stores the results that the states led to, then removes the states, which are not needed
  /// any more.
  ///
  /// An interruption leaves them to go on from; where the results cannot be written, only those of a resumed run
  /// stay.
  ///
  /// - Parameters:
  ///   - states: those of the run, if it keeps any.
  ///   - starts: how many there are.
  ///   - folders: made by the run, and removed with the states.
  static func settle(_ states: Self?, starts: Int, folders: [String], _ write: () throws -> Void) throws {
    do {
      try write()
    } catch let error as InterruptedError {
      guard states != nil else { throw error }
      throw InterruptedError(
        "Interrupted before the results were written: the state is kept to go on from.", remedy: .resume)
    } catch {
      if let states, !states.isResuming {
        states.remove(starts: starts)
        OutputFolder.remove(folders)
      }
      throw error
    }
    states?.remove(starts: starts)
  }

  /// The states of a run that follows others in the same folder, of a part of the problem.
  func numbered(from offset: Int, of part: String) -> TransferStates {
    var states = TransferStates(in: folder, problem: problem + " " + part, isResuming: isResuming)
    states.offset = offset
    return states
  }

  func store<Method: Optimiser>(for optimiser: Method, dimension: Int) -> Store<Method> {
    Store(
      folder: folder, isResuming: isResuming, offset: offset,
      checkpoint: MAPCheckpoint(problem: problem, dimension: dimension, optimiser: optimiser))
  }

  /// The states of one method.
  struct Store<Method: Optimiser>: Sendable {
    let folder: String
    let isResuming: Bool
    let offset: Int
    let checkpoint: MAPCheckpoint<Method>

    /// The state to go on from, if there is one.
    func load(start: Int) throws -> MAPState<Method.State>? {
      let path = TransferStates.file(of: offset + start, in: folder)
      guard isResuming, !FileContents.isUnwritten(path) else { return nil }
      return try checkpoint.load(from: path)
    }

    func save(_ state: MAPState<Method.State>, start: Int) throws {
      try OutputFolder(path: folder).make()
      let path = TransferStates.file(of: offset + start, in: folder)
      try OutputFile.write(to: path, overwrite: true) {
        try checkpoint.write(state, to: $0, reportedPath: path)
      }
    }
  }
}
