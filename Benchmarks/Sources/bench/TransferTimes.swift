import AudioFiles
import Foundation
import HDF5Store

/// What users do: `priorkit transfer` with its defaults, from reading the recordings to the last file, on one
/// segment of 11 s.
///
/// The peer is the published method on the same files: 1000 steps of Adam, extrapolated from 40 and 10 of them.
func transferTimes(_ settings: Settings) throws -> Contest {
  var contest = Contest("transfer", "priorkit transfer, one segment of 11 s, defaults")
  let subject = try TransferSubject(settings, name: "segment", dry: 0..<11, wet: 11..<22)
  try subject.describe()
  contest.add("default") { try subject.run([]) }
  contest.addTimed("adam, 1000 steps (from 40 and 10)", .peer) { try subject.adamMilliseconds(few: 10, many: 40) }
  return contest
}

/// The same on a song of 220 s, twenty segments of 11 s, with as much of a reference. Run once: the command takes
/// its time.
func songTimes(_ settings: Settings) throws -> Contest {
  var contest = Contest(
    "song", "priorkit transfer, twenty segments of 11 s, defaults; one run each", isRunOnce: true)
  let subject = try TransferSubject(settings, name: "song", dry: 0..<220, wet: 220..<440)
  contest.addTimed("default", .figure) { try subject.describe() }
  contest.addTimed("adam, 1000 steps (from 6 and 2)", .peer) { try subject.adamMilliseconds(few: 2, many: 6) }
  return contest
}

/// Files for a transfer, made of what comes with the package: the dry vocal, at other pitches and tempos each time
/// it comes round, and a preset of the collection as the hidden one.
private struct TransferSubject {
  private let program: String
  private let arguments: [String]
  private let folder: String

  init(_ settings: Settings, name: String, dry: Range<Int>, wet: Range<Int>) throws {
    guard let program = Command.path else {
      throw BenchError("There is no .build/release/priorkit: run make build.")
    }
    self.program = program
    func path(_ name: String) -> String { settings.scratch.appendingPathComponent(name).path }
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("data").path
    let prior = path("transfer-prior.h5")
    try Command.run(program, ["fit", data + "/presets.h5", "-o", prior, "--force", "--quiet"])
    let vocal = try longVocal(data + "/dry-vocal.flac", seconds: wet.upperBound)
    for (name, seconds) in [("\(name)-dry", dry), ("\(name)-source", wet)] {
      let rate = Int(vocal.sampleRate)
      let writer = try AudioWriter(
        path: path(name + ".wav"), format: .waveFloat32, sampleRate: vocal.sampleRate, channelCount: 1)
      try writer.write(vocal[frames: seconds.lowerBound * rate..<seconds.upperBound * rate])
      try writer.finish()
    }
    // A preset for rhythm and blues: compressed, with delay and reverb.
    try Command.run(
      program,
      [
        "render", data + "/presets.h5", "--row", "70", path("\(name)-source.wav"), "-o", path("\(name)-wet.wav"),
        "--force", "--quiet",
      ])
    folder = path("\(name)-out")
    arguments = [
      "transfer", "--prior", prior, "--reference", path("\(name)-wet.wav"), "--dry", path("\(name)-dry.wav"),
      "-o",
      folder, "--force", "--quiet",
    ]
  }

  func run(_ more: [String]) throws { try Command.run(program, arguments + more) }

  /// Prints evaluations, losses and peak memory of one run, and gives its milliseconds.
  @discardableResult
  func describe() throws -> Double {
    let begin = ContinuousClock.now
    let megabytes = try Command.peakMegabytes(program, arguments)
    let milliseconds = begin.duration(to: .now) / .milliseconds(1)
    let trace = try HDF5Reader(path: folder + "/trace.h5")
    let losses = try trace.doubles("/loss").values
    print(
      String(
        format: "  %d evaluations, loss %.3f to %.3f, %.0f MB at most", losses.count, losses.first ?? 0,
        try trace.double(attribute: "best_loss", of: "/"), megabytes))
    return milliseconds
  }

  /// The time of 1000 steps, from the difference between two short runs, which take the same time beside their
  /// steps.
  func adamMilliseconds(few: Int, many: Int) throws -> Double {
    func time(_ steps: Int) throws -> Double {
      try ContinuousClock().measure { try run(["--optimiser", "adam", "--steps", "\(steps)"]) } / .milliseconds(1)
    }
    let (short, long) = (try time(few), try time(many))
    return short + (long - short) / Double(many - few) * Double(1000 - few)
  }
}

/// A vocal of any length: each pass through the recording is played at a speed of its own.
private func longVocal(_ path: String, seconds: Int) throws -> AudioBuffer {
  let recording = try AudioReader.read(path: path).mono()
  let speeds = [1.0, 0.94, 1.06, 0.97, 1.03, 0.91, 1.1]
  var samples: [Float] = []
  var pass = 0
  while samples.count < seconds * Int(recording.sampleRate) {
    let speed = speeds[pass % speeds.count] * (1 + 0.005 * Double(pass / speeds.count))
    samples += try recording.resampled(to: (recording.sampleRate / speed).rounded()).channels[0]
    pass += 1
  }
  return AudioBuffer(channels: [samples], sampleRate: recording.sampleRate)
}
