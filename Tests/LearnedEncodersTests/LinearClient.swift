import Foundation

/// A program in Python without any package: the embedding is linear in the audio, e_k = sum over n of
/// sin((k + 1)(n + 1)) (L[n] + (-1)^n R[n]), and the other faults of programs are on request.
enum LinearClient {
  /// - Parameter fault: what goes wrong, and when: `die encode`, `hang pullback`, `garbage open`, `short encode`.
  static func program(fault: String = "none at-all") -> String {
    """
    import json, math, mmap, os, struct, sys, time
    fault, when = "\(fault)".split()
    segments = {}
    for line in sys.stdin:
        request = json.loads(line)
        kind, number = request["request"], request.get("segment")
        reply = {"ok": True}
        if kind == when:
            if fault == "die": os._exit(7)
            if fault == "hang": time.sleep(3600)
            if fault == "garbage": print("Loading weights..." * 20, flush=True); continue
            if fault == "refuse": print(json.dumps({"error": "no such device"}), flush=True); continue
            if fault == "flood": sys.stdout.write("x" * 3000000); sys.stdout.flush(); time.sleep(3600)
        if kind == "describe":
            reply = {"protocol": 1, "name": "linear", "version": "2", "features": 3, "side_features": 0}
        elif kind == "open":
            frames = request["frames"]
            with open(request["memory"], "r+b") as file:
                segments[number] = (frames, mmap.mmap(file.fileno(), 16 * frames + 48))
        elif kind in ("encode", "pullback"):
            frames, memory = segments[number]
            if kind == "encode":
                audio = struct.unpack_from(f"<{2 * frames}f", memory, 0)
                vector = [sum(math.sin((k + 1) * (n + 1)) * (audio[n] + (-1) ** n * audio[frames + n]) for n in range(frames)) for k in range(3)]
                if fault == "nan": vector[1] = math.nan
                struct.pack_into(f"<{2 if fault == 'short' else 3}d", memory, 16 * frames, *vector[:2 if fault == 'short' else 3])
            else:
                weights = struct.unpack_from("<3d", memory, 16 * frames + 24)
                row = [sum(weights[k] * math.sin((k + 1) * (n + 1)) for k in range(3)) for n in range(frames)]
                struct.pack_into(f"<{2 * frames}f", memory, 8 * frames, *row, *[(-1) ** n * row[n] for n in range(frames)])
        elif kind == "close":
            del segments[number]
        print(json.dumps(reply), flush=True)
    """
  }

  /// What the program computes, in this process: the unit embedding, and the gradient of its product with
  /// `cotangent`.
  static func expected(
    left: [Float], right: [Float], gain: Double, cotangent: [Double]
  ) -> (embedding: [Double], left: [Double], right: [Double]) {
    let frames = left.count
    func weight(_ k: Int, _ n: Int) -> Double { sin(Double((k + 1) * (n + 1))) }
    func sign(_ n: Int) -> Double { n.isMultiple(of: 2) ? 1 : -1 }
    let vector = (0..<3).map { k in
      (0..<frames).reduce(0.0) { $0 + weight(k, $1) * gain * (Double(left[$1]) + sign($1) * Double(right[$1])) }
    }
    let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let unit = vector.map { $0 / norm }
    let along = zip(unit, cotangent).reduce(0) { $0 + $1.0 * $1.1 }
    let back = zip(unit, cotangent).map { ($1 - along * $0) / norm }
    let row = (0..<frames).map { n in gain * (0..<3).reduce(0.0) { $0 + back[$1] * weight($1, n) } }
    return (unit, row, row.indices.map { sign($0) * row[$0] })
  }
}
