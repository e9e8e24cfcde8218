@main
enum Bench {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "step" {
      let numbers = arguments.dropFirst().compactMap(Double.init)
      try stepTimes(seconds: numbers.first ?? 8, segments: numbers.dropFirst().first.map { Int($0) } ?? 1)
    } else if arguments.first == "memory" {
      let numbers = arguments.dropFirst().compactMap(Double.init)
      guard numbers.count == 4 else { return print("bench memory SECONDS SEGMENTS THREADS STEPS") }
      try stepMemory(
        seconds: numbers[0], segments: Int(numbers[1]), threads: Int(numbers[2]), steps: Int(numbers[3]))
    } else {
      try styleEncoding(seconds: 8, sampleRate: 44100)
    }
  }
}
