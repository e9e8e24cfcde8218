import AudioFiles
import Foundation

/// The command as users run it: how long `--help` takes, and the rendering of a song of five minutes.
///
/// Five minutes at thirty times real time are 10 s. The peak memory of the rendering is printed first.
func commandTimes(_ settings: Settings) throws -> Contest {
  var contest = Contest("command", "priorkit --help, and render of five minutes on 1 thread")
  guard let program = Command.path else { throw BenchError("There is no .build/release/priorkit: run make build.") }
  let silent = settings.scratch.appendingPathComponent("help.txt").path
  contest.add("--help") { try Command.run("/bin/sh", ["-c", "'\(program)' --help > '\(silent)'"]) }

  let dry = settings.scratch.appendingPathComponent("dry.wav").path
  let writer = try AudioWriter(path: dry, format: .waveFloat32, sampleRate: 44100, channelCount: 1)
  for minute in 0..<5 {
    try writer.write(
      AudioBuffer(channels: [dryVocal(frameCount: 60 * 44100, seed: UInt64(minute))], sampleRate: 44100))
  }
  try writer.finish()
  let prior = try writeSubjectPrior(try subjectPrior(), settings)
  let presets = settings.scratch.appendingPathComponent("mean.h5").path
  try Command.run(program, ["sample", prior, "--mean", "-o", presets, "--force", "--quiet"])
  let wet = settings.scratch.appendingPathComponent("wet.wav").path
  let arguments = ["render", presets, "--row", "0", dry, "-o", wet, "--force", "--quiet", "--threads", "1"]
  print(String(format: "  render of five minutes: %.0f MB at most", try Command.peakMegabytes(program, arguments)))
  contest.add("render of five minutes") { try Command.run(program, arguments) }
  return contest
}
