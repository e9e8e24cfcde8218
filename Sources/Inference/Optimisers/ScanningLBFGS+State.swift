extension ScanningLBFGS {
  /// The state of the descent, and of the scan that interrupts it.
  public struct State: OptimiserState {
    var descent: LBFGS.State
    /// Losses accepted since the last scan, the first one that of its end.
    var accepted: [Double] = []
    var scan: Scan?
    /// How far the next scan of each direction reaches.
    var reaches: [Double]
    /// Whether the present round of scans, or the latest, has left the point where it began.
    var hasMoved = false

    init(descent: LBFGS.State, reaches: [Double]) {
      self.descent = descent
      self.reaches = reaches
    }

    public var stepCount: Int { descent.stepCount }
    public var isExhausted: Bool { scan == nil && descent.isExhausted }

    /// Keeps what was found along the direction.
    mutating func note(_ position: [Double], loss: Double, gradient: [Double]) {
      descent.stepCount += 1
      scan?.losses.append(loss)
      if loss.isFinite, loss < scan?.best?.loss ?? descent.loss {
        scan?.best = Scan.Point(position: position, loss: loss, gradient: gradient)
      }
    }

    /// Makes the best point of the scan the one to go on from, if there is one better than that.
    /// - Returns: how far along the direction that is from where the scan began.
    mutating func takeBest(along direction: [Double]) -> Double {
      guard let best = scan?.best else { return 0 }
      let move = dot(best.position, direction) - dot(descent.base, direction)
      descent.accept(best.position, loss: best.loss, gradient: best.gradient, patience: 1, jump: abs(move))
      return move
    }

    // MARK: - Storage

    public var arrays: [String: [Double]] {
      let scanned = scan.map { [Double($0.direction)] + $0.losses } ?? []
      let best = scan?.best.map { $0.position + [$0.loss] } ?? []
      return descent.arrays.merging([
        "accepted": accepted, "scan": scanned, "scan_best": best, "scan_gradient": scan?.best?.gradient ?? [],
        "scan_moved": [hasMoved ? 1 : 0], "scan_reaches": reaches,
      ]) { $1 }
    }

    public init?(stepCount: Int, dimension: Int, arrays: [String: [Double]]) {
      guard let descent = LBFGS.State(stepCount: stepCount, dimension: dimension, arrays: arrays),
        let accepted = arrays["accepted"], let scanned = arrays["scan"], let best = arrays["scan_best"],
        let gradient = arrays["scan_gradient"], let moved = arrays["scan_moved"], moved.count == 1,
        let reaches = arrays["scan_reaches"],
        best.isEmpty || (best.count == dimension + 1 && gradient.count == dimension && !scanned.isEmpty)
      else { return nil }
      self.init(descent: descent, reaches: reaches)
      self.accepted = accepted
      hasMoved = moved[0] == 1
      guard let first = scanned.first else { return }
      guard let direction = Int(exactly: first), direction >= 0 else { return nil }
      scan = Scan(direction: direction, losses: Array(scanned.dropFirst()))
      if let loss = best.last {
        scan?.best = Scan.Point(position: Array(best.dropLast()), loss: loss, gradient: gradient)
      }
    }
  }
}
