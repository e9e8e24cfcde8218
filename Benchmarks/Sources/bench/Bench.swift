@main
enum Bench {
  static func main() throws {
    try styleEncoding(seconds: 8, sampleRate: 44100)
  }
}
