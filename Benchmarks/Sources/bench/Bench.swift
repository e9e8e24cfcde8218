@main
enum Bench {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "step" {
      let numbers = arguments.dropFirst().compactMap(Double.init)
      try stepTimes(seconds: numbers.first ?? 8, segments: numbers.dropFirst().first.map { Int($0) } ?? 1)
    } else {
      try styleEncoding(seconds: 8, sampleRate: 44100)
    }
  }
}
